import type { Tx } from '@kyc-relay/persistence';

/** A subscription request that succeeded. */
export interface RememberedRequest {
  bizId: string;
  webhookId: string;
  /** SHA-256 of the body, in hex. */
  bodySha256: string;
  answer: object;
}

/** The request with that id, if it succeeded within the last day. */
export async function findRequest(
  tx: Tx,
  bizId: string,
  webhookId: string,
): Promise<{ bodySha256: string; answer: object } | undefined> {
  const rows = await tx.query<{ bodySha256: string; answer: object }>(
    `select body_sha256 as "bodySha256", answer from kyc.subscription_requests
     where biz_id = $1 and webhook_id = $2 and created_at > now() - interval '1 day'`,
    [bizId, webhookId],
  );
  return rows[0];
}

/** Remembers a request; false when another transaction has just remembered one with that id. */
export async function rememberRequest(tx: Tx, request: RememberedRequest): Promise<boolean> {
  const count = await tx.execute(
    `insert into kyc.subscription_requests as r (biz_id, webhook_id, body_sha256, answer)
     values ($1, $2, $3, $4)
     on conflict (biz_id, webhook_id) do update
       set body_sha256 = excluded.body_sha256, answer = excluded.answer, created_at = now()
       where r.created_at <= now() - interval '1 day'`,
    [request.bizId, request.webhookId, request.bodySha256, JSON.stringify(request.answer)],
  );
  return count === 1;
}
