import { EventEmitter } from 'node:events';
import { Metrics } from '@kyc-relay/telemetry';
import type { Consumer } from 'kafkajs';
import { ConsumptionMonitor } from './consumption-monitor';

/** The part of a consumer that a monitor listens to. */
class Signals {
  readonly events = { FETCH: 'fetch', GROUP_JOIN: 'join' };
  private readonly emitter = new EventEmitter();
  readonly on = (name: string, listener: (event: unknown) => void): void => {
    this.emitter.on(name, listener);
  };

  fetch(): void {
    this.emitter.emit('fetch', {});
  }

  join(partitions: number[]): void {
    this.emitter.emit('join', { payload: { memberAssignment: { t: partitions } } });
  }
}

let signals: Signals;
let metrics: Metrics;
let monitor: ConsumptionMonitor;

beforeEach(() => {
  jest.useFakeTimers();
  signals = new Signals();
  metrics = new Metrics();
  monitor = new ConsumptionMonitor(metrics, ['t']);
  monitor.watch(signals as unknown as Consumer);
});

afterEach(() => {
  jest.useRealTimers();
});

const pass = (seconds: number): void => {
  jest.advanceTimersByTime(seconds * 1_000);
};

test('a consumer that fetches is alive; one that has not for a minute, while the broker answers, is not', () => {
  signals.join([0]);
  for (let minute = 0; minute < 5; minute += 1) {
    pass(59);
    expect(monitor.isAlive()).toBe(true);
    signals.fetch();
  }
  pass(60);
  expect(monitor.isAlive()).toBe(false);
  signals.fetch();
  expect(monitor.isAlive()).toBe(true);
});

test('without a partition there is nothing to fetch', () => {
  pass(3_600);
  expect(monitor.isAlive()).toBe(true);
  signals.join([]);
  pass(3_600);
  expect(monitor.isAlive()).toBe(true);
});

test('a consumer that rests because the store is away is alive, and has its time again afterwards', () => {
  signals.join([0]);
  monitor.recordRest('t', 0);
  pass(600);
  expect(monitor.isAlive()).toBe(true);
  monitor.recordResume('t', 0);
  signals.fetch();
  pass(59);
  expect(monitor.isAlive()).toBe(true);
});

test('while the broker is away a missing fetch is no fault; once it answers the time begins anew', () => {
  signals.join([0]);
  pass(31);
  expect(monitor.isSuspicious).toBe(true);
  monitor.recordBroker(false);
  pass(600);
  expect(monitor.isAlive()).toBe(true);
  monitor.recordBroker(true);
  pass(59);
  expect(monitor.isAlive()).toBe(true);
  pass(1);
  expect(monitor.isAlive()).toBe(false);
});

test('the lag is what stands behind the last batch, over all partitions, and forgotten with the partitions', async () => {
  signals.join([0, 1]);
  monitor.recordBatch('t', 0, '100', '89');
  monitor.recordBatch('t', 1, '9007199254740999', '9007199254740993');
  const lag = async (): Promise<string | undefined> => {
    const page = await metrics.registry.metrics();
    return page.split('\n').find((line) => line.startsWith('relay_consumer_lag{'));
  };
  expect(await lag()).toBe('relay_consumer_lag{topic="t"} 15');
  monitor.recordBatch('t', 0, '100', '99');
  expect(await lag()).toBe('relay_consumer_lag{topic="t"} 5');
  signals.join([0]);
  expect(await lag()).toBe('relay_consumer_lag{topic="t"} 0');
});
