import type { Metrics } from '@kyc-relay/telemetry';

/** What is counted of deliveries (platform.md, "Operation"). `outcome` is `OK` or the error class. */
export class CallbackMetrics {
  private readonly attempts;
  private readonly seconds;
  private readonly failed;

  constructor(metrics: Metrics) {
    const labels = ['biz_id', 'outcome'] as const;
    this.attempts = metrics.counter('relay_callback_attempts_total', 'Callback attempts', labels);
    this.seconds = metrics.histogram('relay_callback_seconds', 'Time of a callback attempt', labels);
    this.failed = metrics.counter(
      'relay_callback_failed_total',
      'Callbacks that failed for good and wait for an operator',
      ['biz_id'],
    );
  }

  countAttempt(bizId: string, outcome: string, durationMs: number): void {
    const label = { biz_id: bizId, outcome };
    this.attempts.inc(label);
    this.seconds.observe(label, durationMs / 1000);
  }

  /** A task ended FAILED. */
  countFailed(bizId: string): void {
    this.failed.inc({ biz_id: bizId });
  }
}
