import { randomBytes } from 'node:crypto';

const NOWHERE = 'http://127.0.0.1:9';

/**
 * What each partner shares with us, made for one run.
 *
 * @typedef {{ business: string, merchant: string, institution: string, acquirer: string, riskClient: string }} PartnerSecrets
 */

/** @returns {PartnerSecrets} */
export function makeSecrets() {
  const one = () => randomBytes(24).toString('base64url');
  return { business: one(), merchant: one(), institution: one(), acquirer: one(), riskClient: one() };
}

/** The account that the acquirer's query is made with. */
export const ACQUIRER_ACCESSID = 'simulated-acquirer';

/**
 * The partner registry of a run that was given none (platform.md, "Partner registry"). Numbers are those of the
 * partners' own examples, delays are short for a person who watches.
 *
 * @param {{ secrets: PartnerSecrets, moneyPlusUrl?: string | undefined, simulatorsUrl?: string | undefined }} partners
 *   without simulators all calls lead nowhere
 */
export function makeRegistry({ secrets, moneyPlusUrl = NOWHERE, simulatorsUrl = NOWHERE }) {
  return {
    businesses: [
      {
        biz_id: 'MONEY_PLUS',
        required_level: 300,
        secrets: [secrets.business],
        status_callback_url: `${moneyPlusUrl}/money-plus/status`,
        info_callback_url: `${moneyPlusUrl}/money-plus/info`,
        allow_private_addresses: true,
        query_fields: ['name', 'phone', 'ic_number'],
        delivery: {
          max_attempts: 5,
          base_delay_ms: 200,
          max_delay_ms: 2000,
          connect_timeout_ms: 500,
          timeout_ms: 1000,
        },
      },
    ],
    merchants: [{ merchantNo: '202333', stores: ['301854'], tokens: [secrets.merchant] }],
    institutions: [
      {
        institutionId: '2022070222130610237',
        salts: [secrets.institution],
        source_addresses: ['127.0.0.0/8'],
        merchants: ['202333'],
      },
    ],
    acquirers: [
      {
        name: 'hkrt',
        query_url: `${simulatorsUrl}/acquirer/query`,
        accessid: ACQUIRER_ACCESSID,
        access_keys: [secrets.acquirer],
        interval_seconds: 5,
        base_delay_ms: 200,
        max_delay_ms: 2000,
        first_window_start: '2023-01-01 00:00:00',
        agents: [{ firstLevelAgentNum: 'FW1000251', unsigned_push: true, source_addresses: ['127.0.0.0/8'] }],
      },
    ],
    risk_clients: [{ accessid: 'risk-desk', access_keys: [secrets.riskClient], agents: ['FW1000251'] }],
  };
}
