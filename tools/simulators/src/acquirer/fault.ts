import { seededRandom } from './seeded-random';

/** What the acquirer can do instead of a good answer, or to it. */
export type Fault =
  /** `respCode` 99. */
  | { type: 'fail-99' }
  /** An HTTP status with an HTML page. */
  | { type: 'http'; status: number }
  /** 200 with JSON that is cut off. */
  | { type: 'invalid-json' }
  /** The good answer, so much later. */
  | { type: 'slow'; ms: number }
  /** The connection is reset without an answer. */
  | { type: 'drop' }
  /** The connection is reset in the middle of the answer. */
  | { type: 'half-answer' }
  /** `totalCount` is off by so much. */
  | { type: 'wrong-total'; by: number }
  /** The page's last row is its first once more. */
  | { type: 'repeat-row' }
  /** Before it answers, a case is created in the range asked for, so that rows move on to later pages. */
  | { type: 'shift' }
  /** 302 to elsewhere. */
  | { type: 'redirect' };

/** Which requests a fault is for, and how many of them. */
export interface FaultRule {
  /** Names the rule; given out where left out. */
  id?: string;
  fault: Fault;
  /** Only this page. */
  page?: number;
  /** Only queries by range of creation time, or only those by `flowNo`. */
  by?: 'window' | 'flowNo';
  /** The share of the requests it is for, from 0 to 1; all where left out. */
  share?: number;
  /** So many requests; left out: until it is cleared. */
  times?: number;
}

/** A rule as it stands. */
export interface StandingFault extends FaultRule {
  id: string;
  used: number;
}

const TYPES: readonly Fault['type'][] = [
  'fail-99',
  'http',
  'invalid-json',
  'slow',
  'drop',
  'half-answer',
  'wrong-total',
  'repeat-row',
  'shift',
  'redirect',
];
/** The setting that a type needs, a number. */
const SETTING: Partial<Record<Fault['type'], string>> = { http: 'status', slow: 'ms', 'wrong-total': 'by' };

/** Checks a rule that came from outside: what is wrong with it, naming the field, or undefined. */
export function findFaultProblem(value: unknown): string | undefined {
  const { fault, share, times, page, by } = (value ?? {}) as Record<string, unknown>;
  const { type, ...settings } = (fault ?? {}) as Record<string, unknown>;
  if (!TYPES.includes(type as Fault['type'])) return `fault.type must be one of ${TYPES.join(', ')}`;
  const setting = SETTING[type as Fault['type']];
  if (setting !== undefined && !Number.isInteger(settings[setting]))
    return `fault.${setting} must be an integer`;
  if (share !== undefined && !(typeof share === 'number' && share >= 0 && share <= 1))
    return 'share must be from 0 to 1';
  if (times !== undefined && !(Number.isInteger(times) && Number(times) > 0))
    return 'times must be an integer from 1';
  if (page !== undefined && !(Number.isInteger(page) && Number(page) > 0))
    return 'page must be an integer from 1';
  if (by !== undefined && by !== 'window' && by !== 'flowNo') return 'by must be window or flowNo';
  return undefined;
}

/** The faults that are set, in their order. */
export class FaultBook {
  private rules: StandingFault[] = [];
  private given = 0;
  private random = seededRandom(1);

  /** Sets the seed of what happens to a share of the requests. */
  seed(seed: number): void {
    this.random = seededRandom(seed);
  }

  /** Sets a fault and returns its id. */
  add(rule: FaultRule): string {
    this.given += 1;
    const id = rule.id ?? `fault-${this.given}`;
    this.rules = [...this.rules.filter((other) => other.id !== id), { ...rule, id, used: 0 }];
    return id;
  }

  clear(): void {
    this.rules = [];
  }

  list(): StandingFault[] {
    return this.rules;
  }

  /** All faults that a request meets, each used once. */
  take(request: { page: number; by: 'window' | 'flowNo' }): Fault[] {
    return this.rules
      .filter(
        (rule) =>
          (rule.times === undefined || rule.used < rule.times) &&
          (rule.page === undefined || rule.page === request.page) &&
          (rule.by === undefined || rule.by === request.by) &&
          (rule.share === undefined || this.random() < rule.share),
      )
      .map((rule) => {
        rule.used += 1;
        return rule.fault;
      });
  }
}
