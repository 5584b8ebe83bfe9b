import { ControlProblem } from '../control/control-problem';
import { kybReview, storeReview } from './review-examples';
import { FORGERIES, type ReviewOrder, type ReviewPartner } from './review-partner';
import type { ReviewFields } from './review-sign';

/** `POST /control/reviews/send`: an order whose message may be one of the examples with some fields replaced. */
export interface ReviewSendBody extends Omit<ReviewOrder, 'message'> {
  message?: ReviewFields;
  example?: 'kyb' | 'store';
  /** Whether to answer at once, with what is there so far; otherwise when nothing more will be sent. */
  at_once?: boolean;
}

type Action = (partner: ReviewPartner, body: unknown, query: URLSearchParams) => unknown;

const ACTIONS: Record<string, Action> = {
  'POST send': async (partner, body) => {
    const { order, atOnce } = readOrder(body, partner);
    const { delivery, done } = partner.send(order);
    return atOnce ? delivery : await done;
  },
  'GET deliveries': ({ deliveries }, _body, query) => ({
    deliveries: deliveries.slice(Number(query.get('since') ?? 0)),
  }),
  'POST behaviour': ({ settings }, body) => {
    const { time_scale: scale } = (body ?? {}) as { time_scale?: unknown };
    if (typeof scale !== 'number' || !(scale >= 0))
      throw new ControlProblem(400, 'time_scale must be a number from 0');
    settings.time_scale = scale;
    return { time_scale: scale };
  },
};

/** Carries out one call of `/control/reviews/<action>`. */
export async function controlReviews(
  method: string,
  call: { id: string; body: unknown; query: URLSearchParams },
  partner: ReviewPartner,
): Promise<unknown> {
  const name = `${method} ${call.id}`;
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (!action) throw new ControlProblem(404, `no ${method} reviews/${call.id}`);
  return await action(partner, call.body, call.query);
}

function readOrder(body: unknown, { settings }: ReviewPartner): { order: ReviewOrder; atOnce: boolean } {
  const { example, message = {}, at_once: atOnce = false, ...rest } = (body ?? {}) as ReviewSendBody;
  const url = rest.url ?? settings.url;
  if (url === undefined || !URL.canParse(url)) throw new ControlProblem(400, 'url must be a URL');
  if (typeof message !== 'object' || Array.isArray(message))
    throw new ControlProblem(400, 'message must be an object');
  if (rest.forge !== undefined && !FORGERIES.includes(rest.forge))
    throw new ControlProblem(400, `forge must be one of ${FORGERIES.join(', ')}`);
  for (const field of ['copies', 'duplicates', 'repeats'] as const) {
    const count = rest[field];
    if (count !== undefined && !(Number.isInteger(count) && count >= 0 && count <= 10_000))
      throw new ControlProblem(400, `${field} must be a whole number from 0 to 10000`);
  }
  return { order: { ...rest, url, message: exampleOf(example, message) }, atOnce };
}

function exampleOf(example: ReviewSendBody['example'], message: ReviewFields): ReviewFields {
  switch (example) {
    case undefined:
      return message;
    case 'kyb':
      return kybReview(message);
    case 'store':
      return storeReview(message);
    default:
      throw new ControlProblem(400, 'example must be kyb or store');
  }
}
