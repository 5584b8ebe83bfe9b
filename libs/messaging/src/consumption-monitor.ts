import type { Metrics } from '@kyc-relay/telemetry';
import type { Consumer } from 'kafkajs';

/** A fetch that is older than this, while the broker answers, means a consumer that is stuck. */
const STUCK_AFTER_MS = 60_000;

/** Watches that a consumer goes on fetching, and how far behind it is; the source of liveness and of the lag metrics. */
export class ConsumptionMonitor {
  private lastFetchAt = Date.now();
  private hasPartitions = false;
  private readonly resting = new Set<string>();
  private readonly lag = new Map<string, Map<number, number>>();
  private brokerAnswers = true;

  constructor(
    metrics: Metrics,
    private readonly topics: readonly string[],
  ) {
    metrics.gauge(
      'relay_consumer_lag',
      'Messages of the topic that are not consumed yet',
      ['topic'],
      (gauge) => {
        for (const topic of topics) {
          const partitions = this.lag.get(topic)?.values() ?? [];
          gauge.set(
            { topic },
            [...partitions].reduce((sum, one) => sum + one, 0),
          );
        }
      },
    );
    metrics.gauge(
      'relay_consumer_last_fetch_seconds',
      'Seconds since the last fetch from the broker ended',
      ['topic'],
      (gauge) => {
        for (const topic of this.topics) gauge.set({ topic }, (Date.now() - this.lastFetchAt) / 1000);
      },
    );
  }

  watch(consumer: Consumer): void {
    consumer.on(consumer.events.FETCH, () => {
      this.lastFetchAt = Date.now();
    });
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      this.lastFetchAt = Date.now();
      this.resting.clear();
      this.lag.clear();
      this.hasPartitions = Object.values(payload.memberAssignment).some(
        (partitions) => partitions.length > 0,
      );
    });
  }

  recordBatch(topic: string, partition: number, highWatermark: string, lastOffset: string): void {
    const ofTopic = this.lag.get(topic) ?? new Map<number, number>();
    // The watermark is the offset that the next message will get.
    ofTopic.set(partition, Math.max(0, Number(BigInt(highWatermark) - BigInt(lastOffset)) - 1));
    this.lag.set(topic, ofTopic);
  }

  recordRest(topic: string, partition: number): void {
    this.resting.add(`${topic}/${partition}`);
  }

  recordResume(topic: string, partition: number): void {
    this.resting.delete(`${topic}/${partition}`);
  }

  /** Told by the readiness check; while the broker is away, no fetch is no fault of the process. */
  recordBroker(answers: boolean): void {
    if (answers && !this.brokerAnswers) this.lastFetchAt = Date.now();
    this.brokerAnswers = answers;
  }

  /** Whether the age of the last fetch is worth asking the broker about. */
  get isSuspicious(): boolean {
    return Date.now() - this.lastFetchAt > STUCK_AFTER_MS / 2;
  }

  isAlive(): boolean {
    const isIdleByRight = !this.hasPartitions || this.resting.size > 0 || !this.brokerAnswers;
    return isIdleByRight || Date.now() - this.lastFetchAt < STUCK_AFTER_MS;
  }
}
