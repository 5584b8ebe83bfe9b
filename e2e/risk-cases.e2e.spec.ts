import { generateCases, pushCase, type AcquirerCase } from '@kyc-relay/simulators';
import { badPush, badQuery } from './risk/bad-requests';
import { judgeRate, judgeSteps, toldOf, type CaseChanged } from './risk/judge-told';
import { calmDown, misbehave, workOn } from './risk/misbehaviour';
import { ACCOUNT, AGENTS, post, query, RATE, served, signedQuery } from './risk/partners';
import { CHANGED, RiskWorld } from './risk/risk-world';
import { awaitState } from './world/await-state';
import { eventually } from './world/eventually';
import { Seeded, SEED } from './world/seeded';

jest.setTimeout(300_000);

const YEAR = { from: '2023-01-01 00:00:00', to: '2023-12-31 23:59:59' };
const EARLY = [AGENTS.open, AGENTS.strict];
const CASES = 750;
const LATE_CASES = 1_000;
const HOURLY = 3_600;
/** What no answer may show: the inside. */
const INSIDE = /node_modules|\bat [\w./<>]+:\d+|SQLSTATE|syntax error at|relation "|pg_|stack/i;

describe.each([1, 2])(`risk cases, %d replica(s), seed ${SEED}`, (replicas) => {
  const seeded = new Seeded(SEED + replicas);
  let world: RiskWorld;

  beforeAll(async () => {
    world = await RiskWorld.start({ replicas, settings: { agents: EARLY, interval_seconds: 1 } });
    for (const [index, agent] of EARLY.entries())
      world.acquirer.cases.put(
        generateCases({ count: CASES, seed: SEED + index, open_share: 0.5, agent, ...YEAR }),
      );
  }, 180_000);

  afterAll(async () => {
    await world.stop();
  }, 90_000);

  /** What the acquirer has, newest first, as it would come over the wire. */
  function truth(agent: string): AcquirerCase[] {
    const mine = world.acquirer.cases.all().filter((one) => one['firstLevelAgentNum'] === agent);
    return JSON.parse(JSON.stringify(mine)) as AcquirerCase[];
  }

  function steps(flowNo: string): CaseChanged[] {
    return toldOf(world.topics.of(CHANGED, flowNo)).get(flowNo) ?? [];
  }

  async function expectCopied(agent: string): Promise<void> {
    const byNumber = (cases: readonly AcquirerCase[]): [unknown, AcquirerCase][] =>
      cases.map((one) => [one['flowNo'], one]);
    const copy = await served(world.url(''), agent);
    expect(new Map(byNumber(copy))).toEqual(new Map(byNumber(truth(agent))));
  }

  /** Every change that is in the histories is told, in order and once. */
  async function expectTold(agent: string): Promise<void> {
    const rows = await world.query<{ flow_no: string; steps: number; status: string }>(
      `select c.flow_no, c.status, count(*)::int as steps from risk.cases c join risk.case_history h using (flow_no)
       where c.agent = $1 group by 1, 2`,
      [agent],
    );
    expect(rows).toHaveLength(truth(agent).length);
    const told = await awaitState(
      'all is told',
      () => {
        const all = toldOf(world.topics.of(CHANGED));
        return rows.every((row) => (all.get(row.flow_no)?.length ?? 0) >= row.steps) && all;
      },
      60_000,
    );
    for (const { flow_no: flowNo, steps: count, status } of rows) {
      const mine = told.get(flowNo) ?? [];
      expect([flowNo, mine.length]).toEqual([flowNo, count]);
      judgeSteps(mine);
      expect(mine.at(-1)?.case['flowStatus']).toBe(status);
    }
  }

  it('end as the acquirer has them, each change told once, whatever it does and whatever is killed', async () => {
    const { acquirer } = world;
    acquirer.latencyMs = 20;
    misbehave(acquirer, SEED);
    const kills: ('postgres' | 'kafka' | number)[] = [0, replicas - 1, 'postgres', 0, 'kafka', replicas - 1];
    for (let step = 0; step < 18; step += 1) {
      await workOn(acquirer, seeded.pick(EARLY), 20, seeded);
      const victim = step % 3 === 2 ? kills.shift() : undefined;
      if (victim !== undefined) world.kill(victim);
    }
    calmDown(acquirer);
    // A pass that began before may have asked for a case before its last change.
    for (const agent of EARLY) await world.pulled(agent, 2);
    for (const agent of EARLY) {
      await expectCopied(agent);
      await expectTold(agent);
    }
    judgeRate(
      acquirer.requests.map(({ at }) => at),
      RATE,
    );
  });

  it('are read on at the page where a replica was killed in the middle of a first pass', async () => {
    const { acquirer } = world;
    // A seed of its own: the same one makes some of the numbers that another agent's cases have.
    const seed = SEED + EARLY.length;
    acquirer.cases.put(generateCases({ count: LATE_CASES, seed, agent: AGENTS.late, ...YEAR }));
    acquirer.latencyMs = 100;
    world.configure({ agents: Object.values(AGENTS), interval_seconds: HOURLY });
    const asked = (): number[] =>
      acquirer.requests.flatMap(({ query: request }) =>
        request?.filter.agent === AGENTS.late && request.filter.flowNos.length === 0 ? request.page : [],
      );
    // With two replicas one of them is killed that works on the agent, and then the one that has taken over.
    for (const [after, victim] of [
      [10, 0],
      [25, replicas - 1],
    ] as const) {
      await awaitState(`${after} pages`, () => asked().length >= after, 60_000);
      world.kill(victim);
    }
    await awaitState(
      'the run ends',
      async () =>
        (await world.query(`select from risk.sync_runs where agent = $1 and state = 'DONE'`, [AGENTS.late]))
          .length > 0,
      60_000,
    );
    // The pages; for each kill those that were under way; and what has come since the pass was planned.
    expect(new Set(asked()).size).toBe(LATE_CASES / 20);
    expect(asked().length).toBeLessThanOrEqual(LATE_CASES / 20 + 2 * 12 + 2);
    await expectCopied(AGENTS.late);
    await expectTold(AGENTS.late);
    calmDown(acquirer);
  });

  it('are read back when the acquirer pushes, signed or from an agent that need not sign, and told as PUSH', async () => {
    const { acquirer } = world;
    // What is seen of a push must not have been pulled meanwhile.
    world.configure({ agents: Object.values(AGENTS), interval_seconds: HOURLY });
    await awaitState(
      'nothing is due',
      async () =>
        (
          await world.query(
            `select from risk.agents a where next_run_at < now() + interval '10 minutes'
               or exists (select from risk.sync_runs r where r.agent = a.agent and r.state = 'RUNNING')`,
          )
        ).length === 0,
      60_000,
    );
    const push = async (agent: string, signed: boolean, fields: object): Promise<string> => {
      const [one] = truth(agent);
      const order = { flowNo: one?.['flowNo'], flowStatus: 'DTJ', firstLevelAgentNum: agent, ...fields };
      const answer = await pushCase(
        { url: world.url('/v1/notify/risk-cases', replicas - 1), fields: order, signed },
        ACCOUNT,
      );
      return `${answer.status} ${answer.body}`;
    };
    for (const [agent, signed] of [
      [AGENTS.open, false],
      [AGENTS.strict, true],
    ] as const) {
      const flowNo = String(truth(agent)[0]?.['flowNo']);
      const before = steps(flowNo).length;
      acquirer.cases.change(flowNo, { flowStatus: 'PUSHED', mercName: '新的' });
      const fields = { measure: '2,4', remark: 'of the push' };
      expect(await push(agent, signed, fields)).toBe('200 {"return_code":"SUCCESS"}');
      await eventually(() => steps(flowNo).length, before + 1);
      const last = steps(flowNo).at(-1);
      expect(last).toMatchObject({
        source: 'PUSH',
        case: { flowStatus: 'PUSHED', measure: '2,4', remark: 'of the push', mercName: '新的' },
      });
      expect(last?.changes.map(({ what, field }) => `${what} ${field ?? ''}`).sort()).toEqual([
        'FIELD mercName',
        'MEASURE measure',
        'MEASURE remark',
        'STATUS flowStatus',
      ]);
      expect(await push(agent, signed, fields)).toBe('200 {"return_code":"SUCCESS"}');
      expect(await push(agent, signed, { remark: 'later' })).toBe('200 {"return_code":"SUCCESS"}');
      await eventually(() => steps(flowNo).length, before + 2);
      expect(steps(flowNo).at(-1)?.changes).toEqual([
        { what: 'MEASURE', field: 'remark', from: 'of the push', to: 'later' },
      ]);
      judgeSteps(steps(flowNo));
    }
    expect(await push(AGENTS.strict, false, {})).toMatch(/^401 \{"return_code":"FAIL"/);
    expect(await push(AGENTS.open, true, { flowNo: 'a,b' })).toMatch(/^400 .*flowNo/);
  });

  it('are served as the acquirer serves them, to whom they may be', async () => {
    const base = world.url('', replicas - 1);
    const { respData, ...rest } = await query(base, signedQuery({ beginLine: 2 }));
    expect([rest.status, rest.respCode]).toEqual([200, '00']);
    const expected = truth(AGENTS.open);
    expect(respData).toEqual({ list: expected.slice(20, 40), totalCount: expected.length });
    const forged = await Promise.all(
      [
        signedQuery({}, { ...DESK_OF_NOBODY, accessid: 'desk' }),
        signedQuery({}, DESK_OF_NOBODY),
        signedQuery({}).replace(/,"sign":"\w+"/, ''),
      ].map(async (body) => (await query(base, body)).text),
    );
    expect(new Set(forged).size).toBe(1);
    expect(JSON.parse(forged[0] ?? '')).toEqual({
      respCode: '99',
      respMsg: expect.stringContaining('sign') as string,
    });
    const narrow = { accessid: 'narrow', access_keys: ['narrow-key'] };
    expect(await query(base, signedQuery({}, narrow))).toMatchObject({
      status: 200,
      respCode: '99',
      respMsg: expect.stringContaining('firstLevelAgentNum') as string,
    });
  });

  it('are pulled when an operator says so, and only then; what happened is there to be seen, masked', async () => {
    const started = await world.ask('/v1/sync-runs', 'operator', { reason: 'a question of the desk' });
    expect(started.status).toBe(202);
    const runIds = started.body['run_ids'] as string[];
    expect(runIds).toHaveLength(Object.keys(AGENTS).length);
    await eventually(
      async () => {
        const { items } = (await world.ask('/v1/sync-runs', 'viewer')).body as {
          items: { run_id: string; state: string }[];
        };
        return items.filter(({ run_id: id }) => runIds.includes(id)).map(({ state }) => state);
      },
      runIds.map(() => 'DONE'),
      60_000,
    );
    expect((await world.ask('/v1/sync-runs', 'viewer', { reason: 'r' })).status).toBe(403);
    expect((await world.ask('/v1/sync-runs', 'nobody')).status).toBe(401);
    const [entry] = await world.query<{ actor: string; reason: string }>(
      `select actor, reason from risk.audit_log where action = 'sync-run.start' order by at desc limit 1`,
    );
    expect(entry).toMatchObject({ actor: expect.any(String) as string, reason: 'a question of the desk' });
    const flowNo = String(truth(AGENTS.open)[0]?.['flowNo']);
    const history = await world.ask(`/v1/risk-cases/${flowNo}/history`, 'viewer');
    expect(
      (history.body['items'] as { version: number; event_id: string }[]).map((one) => one.event_id),
    ).toEqual(steps(flowNo).map((one) => one.event_id));
  });

  it('stay as they are after 300 bad queries and 300 bad pushes, none of which is answered by a 5xx', async () => {
    const base = world.url('');
    const before = await served(base, AGENTS.open);
    for (let round = 0; round < 300; round += 1) {
      const asked = badQuery(seeded);
      const refused = await post(`${base}/v1/risk-cases/query`, asked);
      expect([asked.slice(0, 500), refused.status]).toEqual([asked.slice(0, 500), 200]);
      expect(JSON.parse(refused.text)).toEqual({
        respCode: '99',
        respMsg: expect.stringMatching(/^[A-Za-z_]+ /) as string,
      });
      const pushed = badPush(seeded);
      const failed = await post(`${base}/v1/notify/risk-cases`, pushed);
      expect([pushed.slice(0, 500), [400, 401].includes(failed.status)]).toEqual([
        pushed.slice(0, 500),
        true,
      ]);
      const { return_code: code, return_msg: message } = JSON.parse(failed.text) as Record<string, string>;
      expect(code).toBe('FAIL');
      expect(message?.length).toBeLessThanOrEqual(128);
      expect(`${refused.text}${failed.text}`).not.toMatch(INSIDE);
    }
    expect(await served(base, AGENTS.open)).toEqual(before);
  });

  it('show an identity number in clear in no table, topic, log or metric, where others do show', async () => {
    const places = await world.places();
    // All that the acquirer has begin alike, which finds them in one go.
    const [start, ...others] = new Set(
      EARLY.flatMap((agent) => truth(agent).map((one) => String(one['idCardNo']).slice(0, 10))),
    );
    expect([start?.length, others]).toEqual([10, []]);
    const identityNumber = new RegExp(`${start}\\d{8}|${Buffer.from(start ?? '').toString('hex')}`);
    const [first = ''] = truth(AGENTS.open).map((one) => String(one['flowNo']));
    const planted = { 'risk.cases': first, [CHANGED]: first, logs: '"run ended"', metrics: AGENTS.open };
    for (const [place, text] of Object.entries(planted))
      expect([place, places.get(place)]).toEqual([place, expect.stringContaining(text)]);
    for (const [place, text] of places)
      expect([place, identityNumber.exec(text)?.index]).toEqual([place, undefined]);
  });
});

const DESK_OF_NOBODY = { accessid: 'nobody', access_keys: ['not-the-key'] };
