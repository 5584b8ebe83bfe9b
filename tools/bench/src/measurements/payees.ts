import { join } from 'node:path';
import type { Report } from '../report';
import { compete, CONNECTIONS } from '../rig/contest';
import type { Rig } from '../rig/rig';
import { writePartners } from '../workload/partners';

const REQUESTS = 1_500;
const SHARE = 0.6;

/** payee-service beside a bare handler of the same framework: register, then retrieve of what was registered. */
export async function measurePayees(rig: Rig): Promise<Report> {
  await rig.pool.query('create table bare_payees (like payee.payees including all)');
  const registry = writePartners(rig.around.directory);
  const ours = await rig.startService('payee-service', { PARTNER_REGISTRY_FILE: registry });
  const bare = await rig.start('bare-payees', join(__dirname, '../raw/bare-payees.js'), {
    DATABASE_URL: rig.databaseUrl,
  });
  const contest = { requests: REQUESTS, from: 0, ours, bare, share: SHARE };
  const register = await compete(rig, { ...contest, what: 'register', workload: 'register' });
  await rig.pool.query('vacuum analyze payee.payees, bare_payees');
  const retrieve = await compete(rig, { ...contest, what: 'retrieve by email', workload: 'retrieve' });
  return {
    measurement: 'payees: signed requests of a merchant',
    setup: [
      `${REQUESTS} requests a turn, ${CONNECTIONS} connections; generator: undici in a process of its own`,
      'bare Nest: fastify, the same field rules, one insert or select on the same columns and indexes by a named',
      'statement; no signature, log, metrics, sealing, history or outbox. Ours also publishes to Kafka meanwhile.',
    ],
    figures: [register, retrieve],
  };
}
