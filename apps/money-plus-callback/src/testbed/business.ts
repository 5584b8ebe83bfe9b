import type { Business } from '@kyc-relay/config';

/** A business as the registry would have it; short times, so that tests are. */
export function business(
  origin: string,
  some: Partial<Omit<Business, 'delivery'>> & { delivery?: Partial<Business['delivery']> } = {},
): Business {
  return {
    biz_id: 'MONEY_PLUS',
    required_level: 300,
    secrets: ['a-secret-that-is-long-enough'],
    status_callback_url: `${origin}/status`,
    info_callback_url: `${origin}/info`,
    allow_private_addresses: true,
    query_fields: [],
    timestamp_tolerance_seconds: 300,
    legacy_signature_only: false,
    final_retcodes: [],
    requests_per_second: 0,
    ...some,
    delivery: {
      max_attempts: 3,
      base_delay_ms: 20,
      max_delay_ms: 1_000,
      connect_timeout_ms: 300,
      timeout_ms: 400,
      max_connections: 8,
      ...some.delivery,
    },
  };
}
