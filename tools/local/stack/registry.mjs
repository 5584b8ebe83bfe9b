const NOWHERE = 'http://127.0.0.1:9';

/**
 * The partner registry of a run that was given none (platform.md, "Partner registry").
 *
 * @param {{ secret: string, moneyPlusUrl?: string | undefined }} partner without simulators the callbacks lead nowhere
 */
export function makeRegistry({ secret, moneyPlusUrl = NOWHERE }) {
  return {
    businesses: [
      {
        biz_id: 'MONEY_PLUS',
        required_level: 300,
        secrets: [secret],
        status_callback_url: `${moneyPlusUrl}/money-plus/status`,
        info_callback_url: `${moneyPlusUrl}/money-plus/info`,
        allow_private_addresses: true,
        query_fields: ['name', 'phone', 'ic_number'],
        // Short, for a person who watches.
        delivery: {
          max_attempts: 5,
          base_delay_ms: 200,
          max_delay_ms: 2000,
          connect_timeout_ms: 500,
          timeout_ms: 1000,
        },
      },
    ],
  };
}
