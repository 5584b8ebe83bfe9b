import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Role } from '@kyc-relay/access';
import { createHttpApp } from '@kyc-relay/http';
import { eventually, useCleanup } from '@kyc-relay/testing';
import { taskIdOf } from '../domain/task-id';
import { business } from '../testbed/business';
import { DeliveryBed } from '../testbed/delivery-bed';
import { OperatorApiModule } from '../testbed/operator-api';
import { answer, OK, Receiver } from '../testbed/receiver';

const PATH = '/v1/callback-tasks';
const UNKNOWN = '0190d7a0-1234-8abc-8def-000000000001';

interface Answer {
  status: number;
  type: string;
  body: Record<string, unknown> & { errors?: { field: string }[]; items?: Record<string, unknown>[] };
}

describe('operator API', () => {
  const cleanup = useCleanup();
  let bed: DeliveryBed;
  let app: NestFastifyApplication;

  beforeAll(async () => {
    bed = await DeliveryBed.open(cleanup);
    app = await createHttpApp(OperatorApiModule.of(bed), { logger: bed.log.logger, metrics: bed.metrics });
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
    cleanup.defer(async () => {
      await app.close();
    });
  });
  afterEach(async () => {
    await bed.reset();
  });

  async function ask(
    method: 'GET' | 'POST',
    path: string,
    options: { as?: Role | null; body?: unknown; raw?: string } = {},
  ): Promise<Answer> {
    const { as = 'operator', body, raw } = options;
    const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const reply = await app.inject({
      method,
      url: PATH + path,
      headers: {
        ...(as === null ? {} : { authorization: `Bearer ${as}-token` }),
        ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(payload === undefined ? {} : { payload }),
    });
    return {
      status: reply.statusCode,
      type: String(reply.headers['content-type']),
      body: reply.json<Answer['body']>(),
    };
  }

  const reason = 'asked by the receiver';
  const CALLS = [
    ['GET', '', 'viewer'],
    ['GET', `/${UNKNOWN}`, 'viewer'],
    ['POST', '/redrive', 'operator'],
    ['POST', '/cancel', 'operator'],
    ['POST', `/${UNKNOWN}/redrive`, 'operator'],
    ['POST', `/${UNKNOWN}/cancel`, 'operator'],
  ] as const;

  it.each(CALLS)('%s %s asks for a token of role %s first', async (method, path, needed) => {
    expect(await ask(method, path, { as: null })).toMatchObject({
      status: 401,
      type: expect.stringMatching(/^application\/problem\+json/) as string,
    });
    expect((await ask(method, path, { as: 'publisher' })).status).toBe(403);
    if (needed === 'operator')
      expect((await ask(method, path, { as: 'viewer', body: { reason } })).status).toBe(403);
    expect([200, 400, 404]).toContain((await ask(method, path, { as: needed, body: { reason } })).status);
  });

  it.each([
    ['state', 'state=pending'],
    ['state', 'state='],
    ['state', 'state=FAILED&state=PENDING'],
    ['kind', 'kind=status'],
    ['shopee_uid', 'shopee_uid=a%20b'],
    ['shopee_uid', 'shopee_uid=%00'],
    ['biz_id', `biz_id=${'x'.repeat(257)}`],
    ['biz_id', 'biz_id=%00'],
    ['from', 'from=yesterday'],
    ['from', 'from=2026-01-01'],
    ['to', 'to=2026-13-01T00:00:00Z'],
    ['limit', 'limit=0'],
    ['limit', 'limit=201'],
    ['limit', 'limit=-1'],
    ['limit', 'limit=1.5'],
    ['limit', 'limit=ten'],
    ['limit', 'limit='],
    ['cursor', 'cursor=abc'],
    ['cursor', 'cursor=%F0%9F%98%80'],
    ['states', 'states=FAILED'],
    ['body', '__proto__=x'],
  ])('refuses a list with a wrong %s: %s', async (field, query) => {
    const { status, body } = await ask('GET', `?${query}`);
    expect({ status, field: body.errors?.[0]?.field }).toEqual({ status: 400, field });
    expect(JSON.stringify(body)).not.toContain('yesterday');
  });

  it.each([
    ['reason', { force: true }],
    ['reason', { reason: '' }],
    ['reason', { reason: ' \t\n' }],
    ['reason', { reason: 5 }],
    ['reason', { reason: null }],
    ['reason', { reason: 'x'.repeat(501) }],
    ['reason', { reason: 'a\0b' }],
    ['reason', { reason: 'a\ud800' }],
    ['force', { reason, force: 'true' }],
    ['force', { reason, force: null }],
    ['dry_run', { reason, dry_run: true }],
    ['body', []],
    ['body', 'redrive'],
    ['body', null],
  ])('refuses a redrive with a wrong %s: %j', async (field, body) => {
    const answer = await ask('POST', `/${UNKNOWN}/redrive`, { body });
    expect({ status: answer.status, field: answer.body.errors?.[0]?.field }).toEqual({ status: 400, field });
  });

  it.each([
    ['filter', { reason }],
    ['filter', { reason, filter: {} }],
    ['filter', { reason, filter: [] }],
    ['filter', { reason, filter: null }],
    ['filter.state', { reason, filter: { state: 'x' } }],
    ['filter.limit', { reason, filter: { limit: 5 } }],
    ['filter.from', { reason, filter: { from: 5 } }],
    ['dry_run', { reason, filter: { kind: 'INFO' }, dry_run: 1 }],
  ])('refuses an action by filter with a wrong %s: %j', async (field, body) => {
    for (const action of ['redrive', 'cancel']) {
      const answer = await ask('POST', `/${action}`, { body });
      expect({ status: answer.status, field: answer.body.errors?.[0]?.field }).toEqual({
        status: 400,
        field,
      });
    }
  });

  it('refuses a body that is no JSON, and an id that is none', async () => {
    expect((await ask('POST', '/redrive', { raw: '{"reason":' })).status).toBe(400);
    expect((await ask('POST', `/${UNKNOWN}/cancel`)).status).toBe(400);
    expect((await ask('GET', '/not-an-id')).body.errors).toEqual([
      { field: 'task_id', message: 'must be a UUID' },
    ]);
    expect((await ask('POST', '/x/cancel', { body: { reason } })).status).toBe(400);
  });

  it('knows no task of an unknown id', async () => {
    expect((await ask('GET', `/${UNKNOWN}`)).status).toBe(404);
    expect((await ask('POST', `/${UNKNOWN}/redrive`, { body: { reason } })).status).toBe(404);
    expect((await ask('POST', `/${UNKNOWN}/cancel`, { body: { reason } })).status).toBe(404);
  });

  it('pages through all tasks, newest first, without losing or repeating one', async () => {
    const first = await bed.tell(Array.from({ length: 7 }, (_, index) => ({ uid: `u${index}` })));
    const second = await bed.tell(Array.from({ length: 5 }, (_, index) => ({ uid: `v${index}` })));
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Answer = await ask('GET', `?limit=5${cursor === null ? '' : `&cursor=${cursor}`}`, {
        as: 'viewer',
      });
      expect(page.status).toBe(200);
      seen.push(...(page.body.items ?? []).map((item) => String(item['event_id'])));
      cursor = page.body['next_cursor'] as string | null;
    } while (cursor !== null);
    expect(seen).toHaveLength(12);
    expect(new Set(seen.slice(0, 5))).toEqual(new Set(second));
    expect(new Set(seen.slice(5))).toEqual(new Set(first));
  });

  it('lists the tasks of one user by their versions, also those of one transaction', async () => {
    const events = await bed.tell(Array.from({ length: 20 }, () => ({ uid: 'u1' })));
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = `limit=7${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const { body }: Answer = await ask('GET', `?shopee_uid=u1&${query}`);
      seen.push(...(body.items ?? []).map((item) => String(item['event_id'])));
      cursor = body['next_cursor'] as string | null;
    }
    expect(seen).toEqual(events.reverse());
  });

  it('filters by every parameter', async () => {
    const [event = ''] = await bed.tell([
      { uid: 'u1', bizIds: ['A'] },
      { uid: 'u2', bizIds: ['B'] },
    ]);
    const count = async (query: string): Promise<number> =>
      (await ask('GET', `?${query}`)).body.items?.length ?? -1;
    const { created_at: createdAt } = await bed.task(event, 'A');
    const later = new Date(Date.parse(createdAt) + 1000).toISOString();
    expect(await count('state=PENDING')).toBe(2);
    expect(await count('state=FAILED')).toBe(0);
    expect(await count('biz_id=A')).toBe(1);
    expect(await count('biz_id=nobody')).toBe(0);
    expect(await count('shopee_uid=u2')).toBe(1);
    expect(await count('kind=INFO')).toBe(0);
    expect(await count(`from=${createdAt}&to=${later}`)).toBe(2);
    expect(await count(`from=${later}`)).toBe(0);
    expect(await count(`to=${createdAt}`)).toBe(0);
  });

  it('shows a task, refuses, redrives and cancels it', async () => {
    const receiver = await new Receiver().open();
    receiver.behaviour = answer(200, '{"retcode":7,"message":"no"}');
    const replica = await bed.replica('r1', [business(receiver.origin, { final_retcodes: [7] })]);
    const [event = ''] = await bed.tell([{ uid: 'u1' }]);
    const id = taskIdOf(event, 'MONEY_PLUS');
    await bed.reaches('FAILED', event);
    const shown = await ask('GET', `/${id.toUpperCase()}`, { as: 'viewer' });
    expect(shown).toMatchObject({
      status: 200,
      body: {
        task_id: id,
        event_id: event,
        biz_id: 'MONEY_PLUS',
        shopee_uid: 'u1',
        kind: 'STATUS',
        state: 'FAILED',
        attempt_count: 1,
        next_attempt_at: null,
        attempts: [{ number: 1, http_status: 200, retcode: 7, error: 'RETCODE' }],
      },
    });
    expect(await ask('POST', `/${id}/cancel`, { body: { reason } })).toMatchObject({
      status: 409,
      body: { type: 'urn:kyc-relay:problem:callback.not-pending' },
    });

    await replica.stop();
    expect(await ask('POST', `/${id}/redrive`, { body: { reason } })).toMatchObject({
      status: 202,
      body: { task_id: id, state: 'PENDING', attempt_count: 1, finished_at: null },
    });
    expect((await ask('POST', `/${id}/redrive`, { body: { reason } })).status).toBe(409);
    expect(await ask('POST', `/${id}/cancel`, { body: { reason } })).toMatchObject({
      status: 200,
      body: { task_id: id, state: 'CANCELLED' },
    });

    receiver.behaviour = OK;
    await bed.replica('r2', [business(receiver.origin)]);
    const filter = { state: 'CANCELLED', shopee_uid: 'u1' };
    expect((await ask('POST', '/redrive', { body: { filter, reason, dry_run: true } })).body).toEqual({
      matched: 1,
      redriven: 1,
      refused: [],
    });
    expect((await ask('POST', '/redrive', { body: { filter, reason } })).status).toBe(200);
    await bed.reaches('DELIVERED', event);
    expect((await ask('POST', '/cancel', { body: { filter: { shopee_uid: 'u1' }, reason } })).body).toEqual({
      matched: 0,
      cancelled: 0,
      refused: [],
    });
    await receiver.shut();
  });

  it('answers 503 while the store is away', async () => {
    await bed.store.goAway();
    const reply = await ask('GET', '');
    await bed.store.comeBack();
    expect(reply.status).toBe(503);
    await eventually(async () => (await ask('GET', '')).status === 200);
  });
});
