import { HttpException } from '@nestjs/common';
import { isStoreAway } from '@kyc-relay/persistence';
import type { Logger, Metrics } from '@kyc-relay/telemetry';

const OUTCOME_OF_STATUS: Readonly<Record<number, string>> = {
  400: 'malformed',
  401: 'unauthenticated',
  429: 'rate_limited',
};

/** Counts and logs what becomes of pushes; of those that were refused nothing that came with them. */
export class PushReport {
  private readonly total;

  constructor(
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.total = metrics.counter('relay_webhooks_total', 'Notifications of partners', ['partner', 'outcome']);
  }

  /** A push was taken, or taken before. */
  taken(acquirer: string, flowNo: string, isNew: boolean): void {
    const outcome = isNew ? 'taken' : 'repeat';
    this.total.inc({ partner: acquirer, outcome });
    this.logger.info({ acquirer, flowNo, outcome }, 'push');
  }

  /** A push was not taken. */
  refused(error: unknown): void {
    const status = error instanceof HttpException ? error.getStatus() : isStoreAway(error) ? 503 : 500;
    const outcome = OUTCOME_OF_STATUS[status] ?? (status === 503 ? 'unavailable' : 'failed');
    this.total.inc({ partner: 'unknown', outcome });
    if (status === 401) this.logger.warn({ outcome }, 'push');
    else this.logger.info({ outcome }, 'push');
  }
}
