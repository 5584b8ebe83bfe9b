import type { Metrics } from '@kyc-relay/telemetry';

/** What is counted of deliveries (platform.md, "Operation"). `outcome` is `OK` or the error class. */
export class CallbackMetrics {
  private readonly attempts;
  private readonly seconds;

  constructor(metrics: Metrics) {
    const labels = ['biz_id', 'outcome'] as const;
    this.attempts = metrics.counter('relay_callback_attempts_total', 'Callback attempts', labels);
    this.seconds = metrics.histogram('relay_callback_seconds', 'Time of a callback attempt', labels);
  }

  countAttempt(bizId: string, outcome: string, durationMs: number): void {
    const label = { biz_id: bizId, outcome };
    this.attempts.inc(label);
    this.seconds.observe(label, durationMs / 1000);
  }
}
