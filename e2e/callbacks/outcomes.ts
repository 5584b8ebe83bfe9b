import type { Behaviour } from '@kyc-relay/simulators';
import { A_TIME, objectWith } from '../world/expected';
import { newestTask } from '../world/tasks';
import { User } from '../world/user';
import type { World } from '../world/world';

interface Outcome {
  what: string;
  behaviour: Behaviour;
  error: string;
  http_status: number | null;
  retcode?: number | null;
}

const http = (status: number, body?: string): Behaviour => ({
  type: 'http',
  status,
  ...(body !== undefined && { body }),
});

/** One failed attempt of each kind; kyc-to-money-plus.md, "Result". */
const FAILURES: Outcome[] = [
  {
    what: 'retcode 7',
    behaviour: { type: 'retcode', retcode: 7 },
    error: 'RETCODE',
    http_status: 200,
    retcode: 7,
  },
  {
    what: 'retcode -1',
    behaviour: { type: 'retcode', retcode: -1 },
    error: 'RETCODE',
    http_status: 200,
    retcode: -1,
  },
  {
    what: 'errcode 5',
    behaviour: { type: 'errcode', errcode: 5 },
    error: 'RETCODE',
    http_status: 200,
    retcode: 5,
  },
  { what: 'retcode as a text', behaviour: { type: 'retcode-text' }, error: 'RETCODE', http_status: 200 },
  {
    what: 'retcode null beside errcode 0',
    behaviour: { type: 'retcode-null' },
    error: 'RETCODE',
    http_status: 200,
  },
  { what: 'no retcode', behaviour: { type: 'retcode-missing' }, error: 'RETCODE', http_status: 200 },
  { what: '404', behaviour: http(404), error: 'HTTP_STATUS', http_status: 404, retcode: 0 },
  { what: '400', behaviour: http(400), error: 'HTTP_STATUS', http_status: 400, retcode: 0 },
  { what: '500', behaviour: http(500, 'oops'), error: 'HTTP_STATUS', http_status: 500 },
  { what: '503', behaviour: http(503), error: 'HTTP_STATUS', http_status: 503, retcode: 0 },
  { what: '301', behaviour: { type: 'redirect', status: 301 }, error: 'REDIRECT', http_status: 301 },
  { what: '302', behaviour: { type: 'redirect' }, error: 'REDIRECT', http_status: 302 },
  { what: '307', behaviour: { type: 'redirect', status: 307 }, error: 'REDIRECT', http_status: 307 },
  { what: '308', behaviour: { type: 'redirect', status: 308 }, error: 'REDIRECT', http_status: 308 },
  { what: 'a page', behaviour: { type: 'not-json' }, error: 'NOT_JSON', http_status: 200 },
  { what: 'no body', behaviour: { type: 'empty' }, error: 'NOT_JSON', http_status: 200 },
  { what: '204', behaviour: { type: 'no-content' }, error: 'NOT_JSON', http_status: 204 },
  {
    what: 'a body just over 64 KiB',
    behaviour: { type: 'huge', bytes: 65_537 },
    error: 'TOO_LARGE',
    http_status: 200,
  },
  { what: 'an endless body', behaviour: { type: 'huge' }, error: 'TOO_LARGE', http_status: 200 },
  { what: 'no answer', behaviour: { type: 'timeout' }, error: 'TIMEOUT', http_status: null },
  {
    what: 'an answer that drips',
    behaviour: { type: 'drip', every_ms: 400 },
    error: 'TIMEOUT',
    http_status: 200,
  },
  {
    what: 'a reset before the body',
    behaviour: { type: 'reset', when: 'before-body' },
    error: 'RESET',
    http_status: null,
  },
  {
    what: 'a reset after the body',
    behaviour: { type: 'reset', when: 'after-body' },
    error: 'RESET',
    http_status: null,
  },
  {
    what: 'a reset in the answer',
    behaviour: { type: 'reset', when: 'half-answer' },
    error: 'RESET',
    http_status: 200,
  },
  { what: 'a lost answer', behaviour: { type: 'lost-answer' }, error: 'RESET', http_status: null },
];

const SUCCESSES: [what: string, behaviour: Behaviour][] = [
  ['retcode 0', { type: 'ok' }],
  ['retcode 0.0', { type: 'retcode-float' }],
  ['errcode 0', { type: 'errcode', errcode: 0 }],
  ['201', http(201)],
  ['299', http(299)],
  ['a body of exactly 64 KiB', { type: 'huge', bytes: 65_536 }],
  ['retcode 0 beside other errcode', http(200, '{"errcode":9,"retcode":0}')],
  ['an answer just in time', { type: 'timeout', after_ms: 400 }],
];

/** Each way in which an attempt ends, as recorded. */
export function describeOutcomes(world: () => World): void {
  describe('an attempt', () => {
    it.each(FAILURES)('answered with $what fails as $error and is made again', async (outcome) => {
      const { behaviour, error, http_status, retcode } = outcome;
      const user = await User.subscribed(world(), 'outcome');
      world().moneyPlus.rule({ match: { shopee_uid: user.uid }, behaviour, times: 1 });
      await user.tell(user.submit(300));
      const task = await newestTask(world(), user.uid, 'DELIVERED');
      expect(task.attempt_count).toBe(2);
      expect(task.attempts).toEqual([
        objectWith({ number: 1, error, http_status, retcode: retcode ?? null, started_at: A_TIME }),
        objectWith({ number: 2, error: null, http_status: 200, retcode: 0 }),
      ]);
    });

    it.each(SUCCESSES)('answered with %s succeeds', async (_what, behaviour) => {
      const user = await User.subscribed(world(), 'success');
      world().moneyPlus.rule({ match: { shopee_uid: user.uid }, behaviour, times: 1 });
      await user.tell(user.submit(300));
      const task = await newestTask(world(), user.uid, 'DELIVERED');
      expect(task).toMatchObject({ kind: 'STATUS', attempt_count: 1, finished_at: A_TIME });
      expect(task.attempts).toHaveLength(1);
    });

    it('is not led elsewhere by a redirect', () => {
      expect(world().moneyPlus.counts()).toMatchObject({ redirect_hits: 0 });
    });

    it('reads a huge answer no further than it must, and keeps only its beginning', async () => {
      const endless = world()
        .moneyPlus.received({ behaviour: 'huge' })
        .filter(({ answered_wholly }) => answered_wholly === false);
      expect(endless.length).toBeGreaterThan(0);
      // What the kernel's buffers hold is written too.
      for (const { bytes_written } of endless) expect(bytes_written).toBeLessThan(16 * 1024 * 1024);
      const user = endless.at(-1)?.shopee_uid ?? '';
      const [first] = (await newestTask(world(), user, 'DELIVERED')).attempts;
      expect(first?.response_prefix).toMatch(/^\{"retcode":0,"padding":"x*/);
      expect(first?.response_prefix?.length).toBeLessThanOrEqual(8192);
    });

    it('over TLS to a server that does not speak it fails as TLS', async () => {
      expect(await failedErrors('TLS')).toEqual(['TLS', 'TLS']);
    });

    it('to a private address that is not allowed is blocked, by address and by name', async () => {
      const before = world().moneyPlus.nextIndex;
      expect(await failedErrors('BLOCKED')).toEqual(['BLOCKED_ADDRESS', 'BLOCKED_ADDRESS']);
      expect(await failedErrors('BLOCKED_BY_NAME')).toEqual(['BLOCKED_ADDRESS', 'BLOCKED_ADDRESS']);
      expect(world().moneyPlus.nextIndex).toBe(before);
    });

    it('to a closed port fails as CONNECT', async () => {
      expect(await failedErrors('CLOSED')).toEqual(['CONNECT', 'CONNECT']);
    });

    /** The errors of a task for a business that can never be reached. */
    async function failedErrors(biz_id: string): Promise<(string | null)[]> {
      const user = new User(world(), world().uid('unreachable'));
      await world().subscribe(user.uid, biz_id);
      await user.tell(user.submit(300));
      const task = await newestTask(world(), user.uid, 'FAILED');
      expect(task.attempts.map(({ http_status, retcode }) => [http_status, retcode])).toEqual([
        [null, null],
        [null, null],
      ]);
      return task.attempts.map(({ error }) => error);
    }
  });
}
