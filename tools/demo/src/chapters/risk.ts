import { exampleAnswer } from '@kyc-relay/simulators';
import { isDeepStrictEqual } from 'node:util';
import type { Partners } from '../partners';
import type { RiskAnswer, RiskDesk, RiskStep } from '../risk-desk';
import type { Chapter, Line } from '../table';
import type { World } from '../world';

/** The page that the acquirer's documentation shows: an open case and a final one. */
const [OPEN, FINAL] = exampleAnswer().respData.list as [Record<string, string>, Record<string, string>];
const BOTH = `${OPEN['flowNo'] ?? ''},${FINAL['flowNo'] ?? ''}`;
const FLOW_NO = OPEN['flowNo'] ?? '';

/** Risk cases: the source's example page pulled, changed, pulled again, pushed, and served as the acquirer serves it. */
export async function tellRisk(world: World, { risk }: Partners): Promise<Chapter> {
  const lines: Line[] = [];
  await tellPull(risk, lines);
  await tellPush(world, risk, lines);
  await tellServing(risk, lines);
  return { title: 'Risk cases: a copy of the acquirer’s, and what changed in them', lines };
}

async function tellPull(risk: RiskDesk, lines: Line[]): Promise<void> {
  await risk.acquirer.putExamples();
  const first = await risk.pull('demo: the example page');
  lines.push(
    { what: 'the example page pulled', expected: 'DONE', seen: first },
    {
      what: 'served as the source shows it',
      expected: '00, 2 of 2, field for field',
      seen: compared(await risk.query({ flowNo: BOTH }), [OPEN, FINAL]),
    },
    {
      what: 'history of the final case begins with',
      expected: '1 PULL OPENED',
      seen: told((await risk.history(FINAL['flowNo'] ?? '')).slice(0, 1)),
    },
  );
  const before = (await risk.history(FLOW_NO)).length;
  await risk.pull('demo: nothing has changed');
  lines.push({
    what: 'nothing has changed, pulled again',
    expected: 'nothing told',
    seen: told((await risk.history(FLOW_NO)).slice(before)) || 'nothing told',
  });
  await risk.acquirer.misbehave({ fault: { type: 'http', status: 500 }, times: 1 });
  await risk.acquirer.change(FLOW_NO, { flowStatus: 'SHTG', finalMeasure: '2,4', appealResult: 'FAIL' });
  const again = await risk.pull('demo: the case was decided');
  lines.push(
    { what: 'decided, pulled again; the acquirer fails once', expected: 'DONE', seen: again },
    {
      what: 'what changed',
      expected: 'PULL APPEAL appealResult null FAIL, MEASURE finalMeasure 1 2,4, STATUS flowStatus DSH SHTG',
      seen: changed((await risk.history(FLOW_NO)).slice(before)),
    },
  );
}

async function tellPush(world: World, risk: RiskDesk, lines: Line[]): Promise<void> {
  const { acquirer, notifyUrl: url } = risk;
  const before = (await risk.history(FLOW_NO)).length;
  await acquirer.change(FLOW_NO, { flowStatus: 'HT' });
  // What the push says of the status is a hint: what counts is read back.
  const fields = {
    flowNo: FLOW_NO,
    flowStatus: 'DTJ',
    firstLevelAgentNum: OPEN['firstLevelAgentNum'],
    measure: '2,4',
    remark: world.user('remark'),
  };
  const pushed = await acquirer.push({ url, fields, signed: true });
  const steps = await world.until(
    async () => await risk.history(FLOW_NO),
    (seen) => seen.length > before,
  );
  const repeat = await acquirer.push({ url, fields, signed: true });
  const forged = await acquirer.push({ url, fields: { ...fields, sign: 'F'.repeat(32), accessid: 'x' } });
  const several = await acquirer.push({ url, fields: { ...fields, flowNo: BOTH }, signed: true });
  lines.push(
    { what: 'sent back, and pushed', expected: '200 {"return_code":"SUCCESS"}', seen: said(pushed) },
    {
      what: 'read back at once',
      expected: 'PUSH: flowStatus HT, measure 2,4, remark of the push',
      seen: `${steps.at(-1)?.source ?? ''}: ${lastWords(steps, fields.remark)}`,
    },
    { what: 'the same push again', expected: '200 {"return_code":"SUCCESS"}', seen: said(repeat) },
    { what: 'forged', expected: '401 FAIL', seen: failed(forged) },
    { what: 'two numbers in one push', expected: '400 FAIL names flowNo', seen: failed(several, 'flowNo') },
  );
}

async function tellServing(risk: RiskDesk, lines: Line[]): Promise<void> {
  const mercNum = OPEN['mercNum'] ?? '';
  const firstPage = await risk.query({ mercNum, pageSize: 1 });
  const secondPage = await risk.query({ mercNum, pageSize: 1, beginLine: 2 });
  const inTime = await risk.query({
    createTimeBegin: FINAL['createTime'] ?? '',
    createTimeEnd: FINAL['createTime'] ?? '',
  });
  lines.push(
    {
      what: 'asked for by merchant, a row a page',
      expected: `2: ${OPEN['createTime'] ?? ''}, ${FINAL['createTime'] ?? ''}`,
      seen: `${firstPage.respData?.totalCount ?? ''}: ${[...rows(firstPage), ...rows(secondPage)].join(', ')}`,
    },
    {
      what: 'by the second of its creation',
      expected: `1: ${FINAL['createTime'] ?? ''}`,
      seen: `${inTime.respData?.totalCount ?? ''}: ${rows(inTime).join(', ')}`,
    },
    {
      what: 'forged',
      expected: '99 names sign',
      seen: refused(await risk.query({}, 'not the key'), 'sign'),
    },
    {
      what: 'of an agent that is not the client’s',
      expected: '99 names firstLevelAgentNum',
      seen: refused(await risk.query({ firstLevelAgentNum: 'FW1' }), 'firstLevelAgentNum'),
    },
    {
      what: 'pageSize 101',
      expected: '99 names pageSize',
      seen: refused(await risk.query({ pageSize: 101 }), 'pageSize'),
    },
  );
}

function compared({ respCode, respData }: RiskAnswer, expected: readonly object[]): string {
  const isSame = isDeepStrictEqual(respData?.list, expected);
  return `${respCode}, ${respData?.list.length ?? 0} of ${respData?.totalCount ?? 0}, ${isSame ? 'field for field' : 'not the same'}`;
}

function told(steps: readonly RiskStep[]): string {
  return steps
    .map(
      ({ version, source, changes }) => `${version} ${source} ${changes.map(({ what }) => what).join(' ')}`,
    )
    .join(', ');
}

function changed(steps: readonly RiskStep[]): string {
  return steps
    .map(({ source, changes }) => {
      const each = changes.map(
        ({ what, field, from, to }) => `${what} ${field ?? ''} ${text(from)} ${text(to)}`,
      );
      return `${source} ${each.join(', ')}`;
    })
    .join('; ');
}

/** What was last told of what the push says and of what it only hints at. */
function lastWords(steps: readonly RiskStep[], remark: string): string {
  const changes = steps.flatMap((step) => step.changes);
  const last = (field: string): string => text(changes.findLast((change) => change.field === field)?.to);
  const ofPush = last('remark') === remark ? 'remark of the push' : 'another remark';
  return `flowStatus ${last('flowStatus')}, measure ${last('measure')}, ${ofPush}`;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : 'null';
}

function rows({ respData }: RiskAnswer): string[] {
  return (respData?.list ?? []).map(({ createTime }) => String(createTime));
}

function said({ status, body }: { status: number; body: string }): string {
  return `${status} ${body}`;
}

function failed({ status, body }: { status: number; body: string }, field?: string): string {
  const { return_code: code = '', return_msg: message = '' } = JSON.parse(body) as Record<string, string>;
  if (field === undefined) return `${status} ${code}`;
  return `${status} ${code} ${message.includes(field) ? 'names' : 'does not name'} ${field}`;
}

function refused({ respCode, respMsg }: RiskAnswer, field: string): string {
  return `${respCode} ${respMsg.includes(field) ? 'names' : 'does not name'} ${field}`;
}
