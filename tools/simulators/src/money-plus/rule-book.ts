import type { Behaviour } from './behaviour';
import type { Rule, RuleMatch } from './rule';

/** What is known of a callback when a rule is looked for. */
export interface CallbackFacts {
  biz_id: string | null;
  shopee_uid: string | null;
  kind: 'status' | 'info';
  event_id: string | null;
  /** Null where attempts are not counted. */
  attempt: number | null;
}

/** A rule as it stands now. */
export interface StandingRule extends Rule {
  id: string;
  /** How many callbacks it has ruled. */
  used: number;
}

/** Rules in the order in which they were set; a used-up rule is kept, with its count, but rules no more. */
export class RuleBook {
  private readonly rules = new Map<string, StandingRule>();
  /** Rules not used up, in order; the hot path looks here only. */
  private live: StandingRule[] = [];
  private given = 0;

  /** Sets a rule and returns its id; one with the same id is replaced and goes last. */
  add(rule: Rule): string {
    this.given += 1;
    const id = rule.id ?? `rule-${this.given}`;
    this.remove(id);
    const standing = { ...rule, id, used: 0 };
    this.rules.set(id, standing);
    this.live.push(standing);
    return id;
  }

  /** Takes a rule away; false when there is none of that id. */
  remove(id: string): boolean {
    this.live = this.live.filter((rule) => rule.id !== id);
    return this.rules.delete(id);
  }

  /** Takes all rules away. */
  clear(): void {
    this.rules.clear();
    this.live = [];
  }

  /** All rules set, used-up ones too. */
  list(): StandingRule[] {
    return [...this.rules.values()];
  }

  /** Whether no rule can match, so that nothing has to be looked up. */
  get idle(): boolean {
    return this.live.length === 0;
  }

  /** Uses the first rule that matches. */
  take(facts: CallbackFacts): { id: string; behaviour: Behaviour } | undefined {
    const rule = this.live.find(({ match }) => matches(match, facts));
    return rule === undefined ? undefined : this.use(rule);
  }

  /**
   * Uses the first rule if the headers alone settle that it matches and that the connection is to be reset before the
   * body is read. A rule for a user or business cannot be told that early: those names stand in the body.
   */
  takeBeforeBody(facts: CallbackFacts): { id: string; behaviour: Behaviour } | undefined {
    const rule = this.live.find(({ match }) => {
      return matches(match, {
        ...facts,
        biz_id: match?.biz_id ?? null,
        shopee_uid: match?.shopee_uid ?? null,
      });
    });
    if (rule?.behaviour.type !== 'reset' || rule.behaviour.when !== 'before-body') return undefined;
    return rule.match?.shopee_uid === undefined && rule.match?.biz_id === undefined
      ? this.use(rule)
      : undefined;
  }

  private use(rule: StandingRule): { id: string; behaviour: Behaviour } {
    rule.used += 1;
    if (rule.used === rule.times) this.live = this.live.filter((other) => other !== rule);
    return rule;
  }
}

function matches(match: RuleMatch | undefined, facts: CallbackFacts): boolean {
  if (match === undefined) return true;
  return (
    (match.shopee_uid === undefined || match.shopee_uid === facts.shopee_uid) &&
    (match.kind === undefined || match.kind === facts.kind) &&
    (match.event_id === undefined || match.event_id === facts.event_id) &&
    (match.attempt === undefined || match.attempt === facts.attempt) &&
    (match.biz_id === undefined || match.biz_id === facts.biz_id)
  );
}
