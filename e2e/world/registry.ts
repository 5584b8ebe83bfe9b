import { renameSync, writeFileSync } from 'node:fs';
import type { MoneyPlus } from '@kyc-relay/simulators';

/** A business as the partner registry has it (platform.md, "Partner registry"). */
export interface Business {
  biz_id: string;
  required_level: number;
  /** The first signs. */
  secrets: [string, ...string[]];
  status_callback_url: string;
  info_callback_url: string;
  allow_private_addresses: boolean;
  query_fields: string[];
  timestamp_tolerance_seconds?: number;
  legacy_signature_only?: boolean;
  final_retcodes?: number[];
  delivery: {
    max_attempts?: number;
    base_delay_ms?: number;
    max_delay_ms?: number;
    connect_timeout_ms?: number;
    timeout_ms?: number;
    max_connections?: number;
  };
}

/** The secret of the business of the source. */
export const SECRET = 'e2e-secret-of-money-plus';
/** The business of the source. */
export const MONEY_PLUS = 'MONEY_PLUS';

/** Money+ as in the source, with delays short enough for a test; `over` stands above. */
export function business(
  endpoint: Pick<MoneyPlus, 'statusUrl' | 'infoUrl'>,
  over: Partial<Business> = {},
): Business {
  return {
    biz_id: MONEY_PLUS,
    required_level: 300,
    secrets: [SECRET],
    status_callback_url: endpoint.statusUrl,
    info_callback_url: endpoint.infoUrl,
    allow_private_addresses: true,
    query_fields: ['name', 'phone', 'ic_number'],
    ...over,
    delivery: { max_attempts: 5, base_delay_ms: 20, max_delay_ms: 200, timeout_ms: 7000, ...over.delivery },
  };
}

/** Puts a registry in place at once, as a Secret's mount does: whoever reads sees the old one or the new one. */
export function writeRegistry(file: string, content: object | string): void {
  const draft = `${file}.draft`;
  writeFileSync(draft, typeof content === 'string' ? content : JSON.stringify(content));
  renameSync(draft, file);
}
