import { randomUUID } from 'node:crypto';
import type { UpstreamPublisher } from '../upstream/upstream-publisher';
import { upstreamEvent } from '../upstream/upstream-event';
import type { UpstreamEvent } from '../upstream/upstream-event';
import { ControlProblem } from './control-problem';
import type { EventToPublish, PublishAnswer, PublishOrder } from './control-types';

/** Publishes what `POST /control/upstream` was told to. */
export async function carryOut(order: unknown, publisher: UpstreamPublisher): Promise<PublishAnswer> {
  const { via = 'kafka', mode = 'binary', token, events } = checkOrder(order);
  const list = events.map(toUpstreamEvent);
  const ids = list.map(({ id }) => id);
  try {
    if (via === 'kafka') return { ids, parts: await publisher.publish(list, { mode }) };
    const { status, body } = await publisher.post(list, token === undefined ? {} : { token });
    return { ids, answer: { status, body } };
  } catch (error) {
    throw new ControlProblem(502, error instanceof Error ? error.message : 'could not publish');
  }
}

function checkOrder(order: unknown): PublishOrder {
  const { via, mode, token, events } = isObject(order) ? order : {};
  if (via !== undefined && via !== 'kafka' && via !== 'http') {
    throw new ControlProblem(400, 'via must be kafka or http');
  }
  if (mode !== undefined && mode !== 'binary' && mode !== 'structured') {
    throw new ControlProblem(400, 'mode must be binary or structured');
  }
  if (token !== undefined && typeof token !== 'string') throw new ControlProblem(400, 'token must be a text');
  if (!Array.isArray(events) || events.length === 0) throw new ControlProblem(400, 'events must be a list');
  for (const [place, event] of (events as unknown[]).entries()) {
    if (!isObject(event) || typeof event.type !== 'string') {
      throw new ControlProblem(400, `events[${place}].type must be a text`);
    }
    if (!isObject(event.data)) throw new ControlProblem(400, `events[${place}].data must be an object`);
  }
  return order as PublishOrder;
}

function toUpstreamEvent({ type, data, id, time, source }: EventToPublish): UpstreamEvent {
  const stamp = { id: id ?? randomUUID(), time: time ?? new Date().toISOString() };
  return upstreamEvent(type, source === undefined ? stamp : { ...stamp, source }, data);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
