import { HttpException } from '@nestjs/common';
import { sha256Hex } from '@kyc-relay/crypto';
import { remarkOn } from '@kyc-relay/http';
import { isStoreAway } from '@kyc-relay/persistence';
import type { Logger, Metrics } from '@kyc-relay/telemetry';
import type { StepDecision } from '../domain/decide-step';
import type { ReviewName } from '../domain/notification';

/** What became of a notification, in `relay_webhooks_total` and in the log. */
const OUTCOME_OF_DECISION = {
  STEP: 'step',
  REPEAT: 'repeat',
  LATE_REPEAT: 'late_repeat',
  CONFLICT: 'conflict',
} as const satisfies Record<StepDecision['kind'], string>;

const OUTCOME_OF_STATUS: Readonly<Record<number, string>> = {
  400: 'malformed',
  401: 'unauthenticated',
  429: 'rate_limited',
  503: 'unavailable',
};

/** Somebody forges, or holds a salt and tells of another client than before. */
const ALARMING: ReadonlySet<string> = new Set(['conflict', 'unauthenticated']);

/**
 * Counts what becomes of notifications and says it in the request's log line, with ids and the body's hash, never with its
 * content. What needs a look gets a warning of its own.
 */
export class WebhookReport {
  private readonly total;

  constructor(
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.total = metrics.counter('relay_webhooks_total', 'Notifications of partners', ['partner', 'outcome']);
  }

  /** Begins the report of one notification. */
  open(request: object, body: Buffer): WebhookNotice {
    return new WebhookNotice(sha256Hex(body), (line) => {
      this.total.inc({ partner: line.institutionId ?? 'unknown', outcome: line.outcome });
      remarkOn(request, line);
      if (ALARMING.has(line.outcome)) this.logger.warn(line, 'notification refused');
    });
  }
}

interface ReportLine extends Partial<Omit<ReviewName, 'institutionId'>> {
  outcome: string;
  /** Of the registry; a name that is not in it is whatever somebody wrote. */
  institutionId?: string | undefined;
  /** The review's step that the notification is, or repeats. */
  sequence?: number;
  /** The field of a conflict. */
  field?: string;
  /** Names the body among the partner's and ours. */
  bodySha256: string;
}

/** The report of one notification, filled in as more is known. */
export class WebhookNotice {
  /** The institution it names, if there is one of that name; set before it is known whether that is true. */
  institutionId: string | undefined;
  /** The review it is about; set only once it is authentic. */
  review: ReviewName | undefined;

  constructor(
    private readonly bodySha256: string,
    private readonly write: (line: ReportLine) => void,
  ) {}

  /** What it is to its review. */
  decided(decision: StepDecision): void {
    const detail =
      decision.kind === 'CONFLICT'
        ? { field: decision.field }
        : { sequence: decision.kind === 'STEP' ? decision.state.latest.sequence : decision.sequence };
    this.tell(OUTCOME_OF_DECISION[decision.kind], detail);
  }

  /** Why it was not taken. */
  refused(error: unknown): void {
    const status = error instanceof HttpException ? error.getStatus() : isStoreAway(error) ? 503 : 500;
    this.tell(OUTCOME_OF_STATUS[status] ?? 'failed');
  }

  private tell(outcome: string, detail: { sequence?: number; field?: string } = {}): void {
    const { institutionId, bodySha256 } = this;
    const { bizType, bizId } = this.review ?? {};
    const ids = bizType === undefined || bizId === undefined ? {} : { bizType, bizId };
    this.write({ outcome, institutionId, ...ids, ...detail, bodySha256 });
  }
}
