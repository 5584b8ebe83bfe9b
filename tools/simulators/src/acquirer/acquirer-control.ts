import { ControlProblem } from '../control/control-problem';
import type { Acquirer, AcquirerAccount, AcquirerRequest } from './acquirer';
import { exampleAnswer, type AcquirerCase } from './acquirer-case';
import { findFaultProblem, type FaultRule, type StandingFault } from './fault';
import { generateCases, type GenerateOptions } from './generate-cases';
import { pushCase, type PushOrder } from './push-case';

/** What the control API has of the acquirer. */
export interface ControlledAcquirer {
  acquirer: Acquirer;
  account: AcquirerAccount;
}

type Action = (
  controlled: ControlledAcquirer,
  body: Record<string, unknown>,
  query: URLSearchParams,
) => unknown;

const ACTIONS: Record<string, Action> = {
  'GET cases': ({ acquirer }) => ({ cases: acquirer.cases.all() }),
  'POST examples': ({ acquirer }) => {
    const { list } = exampleAnswer().respData;
    acquirer.cases.put(list);
    return { added: list.length };
  },
  'POST cases': ({ acquirer }, body) => {
    const cases = readList(body['cases'], 'cases') as AcquirerCase[];
    acquirer.cases.put(cases);
    return { added: cases.length };
  },
  'POST generate': ({ acquirer }, body) => {
    const options = body as unknown as GenerateOptions;
    if (!Number.isInteger(options.count)) throw new ControlProblem(400, 'count must be an integer');
    const cases = generateCases(options);
    acquirer.cases.put(cases);
    return { added: cases.length };
  },
  'POST change': ({ acquirer }, body) => {
    const changed = acquirer.cases.change(String(body['flowNo']), (body['fields'] ?? {}) as AcquirerCase);
    if (!changed) throw new ControlProblem(404, 'there is no such flowNo');
    return {};
  },
  'DELETE cases': ({ acquirer }) => {
    acquirer.cases.clear();
    return {};
  },
  'GET faults': ({ acquirer }): { faults: StandingFault[] } => ({ faults: acquirer.faults.list() }),
  'POST faults': ({ acquirer }, body) => {
    const rules = Array.isArray(body) ? (body as unknown[]) : [body];
    for (const rule of rules) {
      const problem = findFaultProblem(rule);
      if (problem !== undefined) throw new ControlProblem(400, problem);
    }
    return { ids: rules.map((rule) => acquirer.faults.add(rule as FaultRule)) };
  },
  'DELETE faults': ({ acquirer }) => {
    acquirer.faults.clear();
    return {};
  },
  'POST behaviour': ({ acquirer }, body) => {
    const { outage, latency_ms: latency, seed } = body;
    if (typeof outage === 'boolean') acquirer.outage = outage;
    if (typeof latency === 'number') acquirer.latencyMs = latency;
    if (typeof seed === 'number') acquirer.faults.seed(seed);
    return { outage: acquirer.outage, latency_ms: acquirer.latencyMs };
  },
  'GET requests': ({ acquirer }, _body, query): { requests: AcquirerRequest[] } => ({
    requests: acquirer.requests.slice(Number(query.get('since') ?? 0)),
  }),
  'DELETE requests': ({ acquirer }) => {
    acquirer.requests.length = 0;
    return {};
  },
  'POST push': async ({ account }, body) => {
    const order = body as unknown as PushOrder;
    if (!URL.canParse(order.url)) throw new ControlProblem(400, 'url must be a URL');
    const { status, body: answer } = await pushCase(order, account);
    return { status, body: answer };
  },
};

/** Carries out one call of `/control/acquirer/<action>`. */
export async function controlAcquirer(
  method: string,
  call: { id: string; body: unknown; query: URLSearchParams },
  controlled: ControlledAcquirer,
): Promise<unknown> {
  const name = `${method} ${call.id}`;
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (!action) throw new ControlProblem(404, `no ${method} acquirer/${call.id}`);
  return await action(controlled, (call.body ?? {}) as Record<string, unknown>, call.query);
}

function readList(value: unknown, field: string): unknown[] {
  if (!Array.isArray(value)) throw new ControlProblem(400, `${field} must be a list`);
  return value;
}
