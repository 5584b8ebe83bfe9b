import { newEventId } from '@kyc-relay/contracts';
import type { KeyRing } from '@kyc-relay/crypto';
import type { Tx } from '@kyc-relay/persistence';

/** A push that is taken. */
export interface TakenPush {
  acquirer: string;
  flowNo: string;
  signed: boolean;
  /** As it came; it can hold an identity number. */
  body: Buffer;
}

/** What the partner pushed. */
export class PushesRepository {
  constructor(private readonly keyRing: KeyRing) {}

  /** Remembers a body for 24 hours; false when it is remembered already. */
  async rememberBody(tx: Tx, hash: string): Promise<boolean> {
    const count = await tx.execute(
      `insert into risk.push_bodies as b (body_hash) values ($1)
       on conflict (body_hash) do update set received_at = now() where b.received_at <= now() - interval '24 hours'`,
      [hash],
    );
    return count === 1;
  }

  /** Keeps a push, sealed. */
  async keep(tx: Tx, { acquirer, flowNo, signed, body }: TakenPush): Promise<void> {
    const id = newEventId();
    const sealed = this.keyRing.seal(body, { table: 'risk.pushes', column: 'body', row: id });
    await tx.execute(
      `insert into risk.pushes (id, acquirer, flow_no, signed, body) values ($1, $2, $3, $4, $5)`,
      [id, acquirer, flowNo, signed, sealed],
    );
  }

  /** The agent that a case is known of. */
  async agentOf(tx: Tx, flowNo: string): Promise<string | undefined> {
    const rows = await tx.query<{ agent: string }>(`select agent from risk.cases where flow_no = $1`, [
      flowNo,
    ]);
    return rows[0]?.agent;
  }
}
