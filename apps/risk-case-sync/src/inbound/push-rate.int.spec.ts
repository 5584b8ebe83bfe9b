import { eventually, useCleanup } from '@kyc-relay/testing';
import { AGENTS, ServiceBed } from '../testbed/service-bed';

const cleanup = useCleanup();
let bed: ServiceBed;

beforeAll(async () => {
  // One push, and the next a second later.
  bed = await ServiceBed.start(cleanup, {}, { push_requests_per_second: 1 });
});

async function countPushes(): Promise<number> {
  return (await bed.store.query('select from risk.pushes')).length;
}

test('over the acquirer`s rate: 429 with Retry-After, and the store is not touched; forged ones take nothing of it', async () => {
  const push = (flowNo: string): Record<string, unknown> => ({
    flowNo,
    firstLevelAgentNum: AGENTS.strict,
    flowStatus: 'DSH',
  });
  for (let forged = 0; forged < 5; forged += 1)
    expect((await bed.push(push('F1'), 'not-the-key')).status).toBe(401);
  expect((await bed.push(push('F1'), 'new-key')).status).toBe(200);
  const refused = await bed.push(push('F2'), 'new-key');
  expect([refused.status, JSON.parse(refused.text)]).toMatchObject([429, { return_code: 'FAIL' }]);
  expect(Number(refused.headers['retry-after'])).toBe(1);
  expect(await countPushes()).toBe(1);
  await eventually(async () => (await bed.push(push('F2'), 'new-key')).status === 200);
  expect(await countPushes()).toBe(2);
});
