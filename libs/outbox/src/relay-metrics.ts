import type { Metrics } from '@kyc-relay/telemetry';
import type { OutboxRow, RelayStore } from './relay-store';

type Backlog = Awaited<ReturnType<RelayStore['measureBacklog']>>;

/** The metrics of one context's outbox (`platform.md`, Operation). */
export class RelayMetrics {
  private looking: Promise<Backlog | undefined> | undefined;
  private readonly published;

  constructor(
    private readonly metrics: Metrics,
    private readonly context: string,
    private readonly store: RelayStore,
  ) {
    this.published = metrics.counter('relay_outbox_published_total', 'Messages that Kafka acknowledged', [
      'context',
      'topic',
    ]);
    this.exportGauge('relay_outbox_backlog', 'Messages that are not published yet', ({ rows }) => rows);
    this.exportGauge(
      'relay_outbox_oldest_seconds',
      'Age of the oldest message that is not published',
      ({ oldestSeconds }) => oldestSeconds,
    );
  }

  countPublished(rows: readonly OutboxRow[]): void {
    const perTopic = new Map<string, number>();
    for (const row of rows) perTopic.set(row.topic, (perTopic.get(row.topic) ?? 0) + 1);
    for (const [topic, count] of perTopic) this.published.inc({ context: this.context, topic }, count);
  }

  private exportGauge(name: string, help: string, valueOf: (backlog: Backlog) => number): void {
    this.metrics.gauge(name, help, ['context'], async (gauge) => {
      const backlog = await this.look();
      if (backlog) gauge.set({ context: this.context }, valueOf(backlog));
    });
  }

  /** One look for all gauges of a scrape; while the store is away they keep their last value, and the page does not fail. */
  private async look(): Promise<Backlog | undefined> {
    this.looking ??= this.store
      .measureBacklog()
      .catch(() => undefined)
      .finally(() => {
        this.looking = undefined;
      });
    return await this.looking;
  }
}
