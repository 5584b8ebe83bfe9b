import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { UpstreamEvent } from '@kyc-relay/simulators';
import { A_TIME } from '../world/expected';
import { User, parseBody } from '../world/user';
import { TOPICS, type World } from '../world/world';

const ROOT = join(__dirname, '../..');

interface Refused {
  what: string;
  /** What happened before and how many changes that made. */
  before: (user: User) => UpstreamEvent[];
  changes: number;
  /** What is refused. */
  event: (user: User) => UpstreamEvent;
  code: string;
}

const REFUSED: Refused[] = [
  {
    what: 'submitted with an id that was decided',
    before: (u) => [u.submit(300), u.reject()],
    changes: 2,
    event: (u) => again(u.submit(300), `${u.uid}-c1`),
    code: 'kyc.case-mismatch',
  },
  {
    what: 'submitted with an id that was decided before a delete, and below the level',
    before: (u) => [...u.becomes(300), u.remove()],
    changes: 3,
    event: (u) => again(u.submit(300), `${u.uid}-c1`),
    code: 'kyc.case-mismatch',
  },
  {
    what: 'submitted with a decided id while one is pending and below the level: the first match wins',
    before: (u) => [...u.becomes(200), u.submit(300)],
    changes: 3,
    event: (u) => again(u.submit(100), `${u.uid}-c1`),
    code: 'kyc.case-mismatch',
  },
  {
    what: 'submitted while a case is pending',
    before: (u) => [u.submit(100)],
    changes: 1,
    event: (u) => u.submit(200),
    code: 'kyc.case-already-pending',
  },
  {
    what: 'the pending case submitted again',
    before: (u) => [u.submit(100)],
    changes: 1,
    event: (u) => again(u.submit(100), `${u.uid}-c1`),
    code: 'kyc.case-already-pending',
  },
  {
    what: 'submitted below the approved level while a case is pending',
    before: (u) => [...u.becomes(200), u.submit(300)],
    changes: 3,
    event: (u) => u.submit(100),
    code: 'kyc.case-already-pending',
  },
  {
    what: 'submitted below the approved level',
    before: (u) => u.becomes(200),
    changes: 2,
    event: (u) => u.submit(100),
    code: 'kyc.level-down',
  },
  {
    what: 'a photo without an approved eKYC, of a decided id',
    before: (u) => u.becomes(200),
    changes: 2,
    event: (u) => again(u.reupload(), `${u.uid}-c1`),
    code: 'kyc.not-approved',
  },
  {
    what: 'a photo of a decided id',
    before: (u) => u.becomes(300),
    changes: 2,
    event: (u) => again(u.reupload(), `${u.uid}-c1`),
    code: 'kyc.case-mismatch',
  },
  {
    what: 'a photo while a case is pending',
    before: (u) => [...u.becomes(300), u.reupload()],
    changes: 3,
    event: (u) => u.reupload(),
    code: 'kyc.case-already-pending',
  },
  {
    what: 'approved with nothing pending',
    before: () => [],
    changes: 0,
    event: (u) => u.approve(),
    code: 'kyc.no-pending-case',
  },
  {
    what: 'approved a second time',
    before: (u) => u.becomes(300),
    changes: 2,
    event: (u) => u.approve(),
    code: 'kyc.no-pending-case',
  },
  {
    what: 'approved with another id',
    before: (u) => [u.submit(300)],
    changes: 1,
    event: (u) => again(u.approve(), 'another'),
    code: 'kyc.case-mismatch',
  },
  {
    what: 'rejected with nothing pending',
    before: () => [],
    changes: 0,
    event: (u) => u.reject(),
    code: 'kyc.no-pending-case',
  },
  {
    what: 'rejected with another id',
    before: (u) => [u.submit(300)],
    changes: 1,
    event: (u) => again(u.reject(), 'another'),
    code: 'kyc.case-mismatch',
  },
  {
    what: 'info of a pending case with nothing pending',
    before: (u) => u.becomes(300),
    changes: 2,
    event: (u) => u.changePending({ name: 'N' }),
    code: 'kyc.no-pending-case',
  },
  {
    what: 'info of a pending case with another id',
    before: (u) => [u.submit(300)],
    changes: 1,
    event: (u) => again(u.changePending({ name: 'N' }), 'another'),
    code: 'kyc.case-mismatch',
  },
  {
    what: 'info of the approved record with nothing approved',
    before: (u) => [u.submit(300)],
    changes: 1,
    event: (u) => u.changeApproved({ name: 'N' }),
    code: 'kyc.not-approved',
  },
  {
    what: 'deleted with nothing approved',
    before: (u) => [u.submit(300), u.reject()],
    changes: 2,
    event: (u) => u.remove(),
    code: 'kyc.nothing-to-delete',
  },
  {
    what: 'deleted a second time',
    before: (u) => [...u.becomes(300), u.remove()],
    changes: 3,
    event: (u) => u.remove(),
    code: 'kyc.nothing-to-delete',
  },
];

/** What the state refuses, in the order of the table; kyc-to-money-plus.md, "Input", "State". */
export function describeStateRefusals(world: () => World): void {
  describe('events that do not fit the state', () => {
    it.each(REFUSED)('$what: $code', async ({ before, changes, event, code }) => {
      const user = new User(world(), world().uid('refused'));
      const refused = (await user.tell(...before(user)), event(user));
      await user.tell(refused);
      const [letter] = await user.deadLetters(1);
      expect(letter).toMatchObject({ key: user.uid, value: JSON.stringify(refused.data) });
      expect(letter?.headers).toMatchObject({
        ce_id: refused.id,
        ce_type: refused.type,
        'dlq-reason': code,
        'dlq-service': 'kyc-status-publisher',
        'dlq-topic': TOPICS.caseEvents,
        'dlq-time': A_TIME,
      });
      const place = world()
        .topics.of(TOPICS.caseEvents, user.uid)
        .find(({ headers }) => headers['ce_id'] === refused.id);
      expect(letter?.headers).toMatchObject({
        'dlq-partition': String(place?.partition),
        'dlq-offset': place?.offset,
      });
      expect(Number(letter?.headers['dlq-attempts'])).toBeGreaterThanOrEqual(1);
      // Nothing was changed, and the next event of the user is taken.
      expect(user.changesSoFar()).toHaveLength(changes);
    });

    it('the same event again changes nothing, and so does a refused one', async () => {
      const user = new User(world(), world().uid('again'));
      const early = user.approve();
      const submitted = user.submit(300);
      const late = { ...early, data: { ...early.data, case_id: user.caseId } };
      await user.tell(early, submitted, submitted, late, user.changePending({ name: 'Marker' }));
      const changes = await user.changes(2);
      expect(changes.map(({ headers }) => headers['ce_type'])).toEqual([
        'kyc.status-changed',
        'kyc.info-changed',
      ]);
      expect(world().topics.of(`${TOPICS.caseEvents}.dlq`, user.uid)).toHaveLength(1);

      // An id is its source's own.
      await user.tellUntil(3, { ...late, source: '/another/source' });
    });

    it('a refused event is judged anew when it is replayed from the DLQ', async () => {
      const user = new User(world(), world().uid('replay'));
      const submitted = user.submit(300);
      await user.tell(user.approve(), submitted);
      await user.changes(1);
      await user.deadLetters(1);
      const { kafka, postgres } = world().stack;
      const env = { ...process.env, KAFKA_BROKERS: kafka.brokers.join(), DATABASE_URL: postgres.url };
      const dlq = async (...args: string[]): Promise<string> =>
        (
          await promisify(execFile)(
            process.execPath,
            [
              join(ROOT, 'tools/operations/dist/dlq.js'),
              ...args,
              '--topic',
              TOPICS.caseEvents,
              '--key',
              user.uid,
            ],
            { env },
          )
        ).stdout;

      expect(await dlq('list', '--code', 'kyc.no-pending-case')).toContain(user.uid);
      expect(await dlq('list', '--code', 'kyc.level-down')).not.toContain(user.uid);
      await dlq('replay', '--dry-run');
      expect(user.changesSoFar()).toHaveLength(1);
      await dlq('replay', '--code', 'kyc.no-pending-case');
      const [, approved] = await user.changes(2);
      expect(parseBody(approved?.value)).toMatchObject({ spay_kyc_client_status: 3, spay_kyc_level: 300 });
    });
  });
}

/** The same event with another case id. */
function again(event: UpstreamEvent, case_id: string): UpstreamEvent {
  return { ...event, data: { ...event.data, case_id } };
}
