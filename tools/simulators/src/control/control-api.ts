import type { IncomingMessage, ServerResponse } from 'node:http';
import { controlAcquirer, type ControlledAcquirer } from '../acquirer/acquirer-control';
import { checkDelivery } from '../check-delivery';
import { countRequests } from '../money-plus/count-requests';
import type { CallbackReceiver } from '../money-plus/callback-receiver';
import { selectReceived } from '../money-plus/money-plus';
import { matchesFilter } from '../money-plus/received-request';
import { parseRule } from '../money-plus/rule';
import { controlReviews } from '../review-partner/review-control';
import type { ReviewPartner } from '../review-partner/review-partner';
import type { UpstreamPublisher } from '../upstream/upstream-publisher';
import { parseCheckOptions } from './check-query';
import { ControlProblem } from './control-problem';
import { parseCount, parseFilter, parseFlag } from './control-query';
import type { ReceivedPage, SimulatorInfo, WaitAnswer } from './control-types';
import type { EndpointBook } from './endpoint-book';
import { carryOut } from './publish-order';

/** All paths of the control API begin so. */
export const CONTROL_PREFIX = '/control/';

/** What the control API controls. */
export interface Controlled {
  receiver: CallbackReceiver;
  endpoints: EndpointBook;
  publisher: UpstreamPublisher;
  acquirer: ControlledAcquirer;
  reviews: ReviewPartner;
  describe: () => Omit<SimulatorInfo, 'endpoints'>;
}

interface Call {
  query: URLSearchParams;
  /** Path segment that stands for a `:`. */
  id: string;
  body: unknown;
}

type Route = (call: Call, controlled: Controlled) => unknown;

const LONGEST_BODY = 16 * 1024 * 1024;
const LONGEST_PAGE = 10_000;
const LONGEST_WAIT_MS = 600_000;

const ROUTES: Record<string, Route> = {
  'GET health': () => ({ status: 'ok' }),
  'GET info': (_call, { describe, endpoints }): SimulatorInfo => ({
    ...describe(),
    endpoints: endpoints.list(),
  }),
  'GET received': ({ query }, { receiver }) => pageOf(query, receiver),
  'DELETE received': (_call, { receiver }) => {
    receiver.clearReceived();
    return {};
  },
  'GET counts': ({ query }, { receiver }) => countRequests(selectReceived(receiver, parseFilter(query))),
  'GET wait': async ({ query }, { receiver }) => await waitFor(query, receiver),
  'POST check': ({ body }, { receiver }) => checkDelivery(receiver.journal.from(0), parseCheckOptions(body)),
  'GET rules': (_call, { receiver }) => ({ rules: receiver.rules.list() }),
  'POST rules': ({ body }, { receiver }) => ({ ids: setRules(body, receiver) }),
  'DELETE rules': (_call, { receiver }) => {
    receiver.rules.clear();
    return {};
  },
  'DELETE rules/:': ({ id }, { receiver }) => {
    if (!receiver.rules.remove(id)) throw new ControlProblem(404, `no rule ${id}`);
    return {};
  },
  'POST reset': (_call, { receiver }) => {
    receiver.rules.clear();
    receiver.clearReceived();
    return {};
  },
  'GET endpoints': (_call, { endpoints }) => ({ endpoints: endpoints.list() }),
  'POST endpoints': async (_call, { endpoints }) => await endpoints.open(),
  'DELETE endpoints/:': async ({ id }, { endpoints }) => {
    await endpoints.close(id);
    return {};
  },
  'POST endpoints/:/refuse': async ({ id }, { endpoints }) => {
    await endpoints.find(id).refuse();
    return endpoints.find(id).describe();
  },
  'POST endpoints/:/reset': async ({ id }, { endpoints }) => {
    await endpoints.find(id).resetConnections();
    return endpoints.find(id).describe();
  },
  'POST endpoints/:/accept': async ({ id }, { endpoints }) => {
    await endpoints.find(id).accept();
    return endpoints.find(id).describe();
  },
  'GET acquirer/:': async (call, { acquirer }) => await controlAcquirer('GET', call, acquirer),
  'POST acquirer/:': async (call, { acquirer }) => await controlAcquirer('POST', call, acquirer),
  'DELETE acquirer/:': async (call, { acquirer }) => await controlAcquirer('DELETE', call, acquirer),
  'GET reviews/:': async (call, { reviews }) => await controlReviews('GET', call, reviews),
  'POST reviews/:': async (call, { reviews }) => await controlReviews('POST', call, reviews),
  'POST upstream': async ({ body }, { publisher }) => await carryOut(body, publisher),
};

/** Serves one request to the control API; never rejects. */
export async function serveControl(
  request: IncomingMessage,
  response: ServerResponse,
  controlled: Controlled,
): Promise<void> {
  try {
    const url = new URL(request.url ?? '/', 'http://control');
    const { route, id } = findRoute(request.method ?? '', url.pathname);
    const body = await readJson(request);
    send(response, 200, await route({ query: url.searchParams, id, body }, controlled));
  } catch (error) {
    const status = error instanceof ControlProblem ? error.status : 500;
    send(response, status, { error: error instanceof Error ? error.message : 'unknown' });
  }
}

function findRoute(method: string, path: string): { route: Route; id: string } {
  const parts = path.slice(CONTROL_PREFIX.length).split('/');
  const pattern = parts.map((part, place) => (place === 1 ? ':' : part)).join('/');
  const route = Object.hasOwn(ROUTES, `${method} ${pattern}`) ? ROUTES[`${method} ${pattern}`] : undefined;
  if (route === undefined) throw new ControlProblem(404, `no ${method} ${path}`);
  return { route, id: decodeURIComponent(parts[1] ?? '') };
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LONGEST_BODY) throw new ControlProblem(413, 'body over 16 MiB');
    chunks.push(chunk);
  }
  if (size === 0) return undefined;
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new ControlProblem(400, 'body must be JSON');
  }
}

function send(response: ServerResponse, status: number, answer: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(answer));
}

function setRules(body: unknown, receiver: CallbackReceiver): string[] {
  const given: unknown[] = Array.isArray(body) ? body : [body];
  const rules = given.map((value, place) => {
    const parsed = parseRule(value, receiver.quick);
    const where = Array.isArray(body) ? `[${place}].` : '';
    if (!parsed.ok) throw new ControlProblem(400, `${where}${parsed.field} ${parsed.message}`);
    return parsed.rule;
  });
  return rules.map((rule) => receiver.rules.add(rule));
}

function pageOf(query: URLSearchParams, receiver: CallbackReceiver): ReceivedPage {
  const filter = parseFilter(query);
  const limit = parseCount(query, 'limit', LONGEST_PAGE, LONGEST_PAGE);
  const end = receiver.journal.next;
  const items = [];
  for (const request of selectReceived(receiver, filter)) {
    if (items.length === limit) return { items, next: request.index, end };
    items.push(request);
  }
  return { items, next: end, end };
}

async function waitFor(query: URLSearchParams, receiver: CallbackReceiver): Promise<WaitAnswer> {
  const filter = parseFilter(query);
  const count = parseCount(query, 'count', 1);
  const timeout = parseCount(query, 'timeout_ms', 10_000, LONGEST_WAIT_MS);
  const withItems = parseFlag('items', query.get('items') ?? 'true');
  const past = receiver.journal.from(filter.since ?? 0);
  const { complete, indexes } = await receiver.waiting.wait(
    (request) => matchesFilter(request, filter),
    count,
    timeout,
    past,
  );
  const kept = indexes.filter((index) => index >= receiver.journal.first);
  return {
    complete,
    count: indexes.length,
    items: withItems ? kept.map((index) => receiver.journal.get(index)) : [],
  };
}
