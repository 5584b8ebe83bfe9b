import { Metrics } from './metrics';

test('a metric that is asked for again is the same one', async () => {
  const metrics = new Metrics();
  metrics.counter('relay_things_total', 'Things', ['topic']).inc({ topic: 'a' });
  metrics.counter('relay_things_total', 'Things', ['topic']).inc({ topic: 'a' });
  metrics.histogram('relay_seconds', 'Time', ['topic']).observe({ topic: 'a' }, 0.02);
  metrics.histogram('relay_seconds', 'Time', ['topic']).observe({ topic: 'a' }, 20);
  const page = await metrics.registry.metrics();
  expect(page).toContain('relay_things_total{topic="a"} 2');
  expect(page).toContain('relay_seconds_bucket{le="0.025",topic="a"} 1');
  expect(page).toContain('relay_seconds_count{topic="a"} 2');
});

test('a gauge looks at each scrape, and waits for what it looks at', async () => {
  const metrics = new Metrics();
  let value = 1;
  metrics.gauge('relay_backlog', 'Backlog', ['context'], async (gauge) => {
    await Promise.resolve();
    gauge.set({ context: 'kyc' }, value);
  });
  expect(await metrics.registry.metrics()).toContain('relay_backlog{context="kyc"} 1');
  value = 7;
  expect(await metrics.registry.metrics()).toContain('relay_backlog{context="kyc"} 7');
});

test('two services in one process count apart', async () => {
  const [one, other] = [new Metrics(), new Metrics()];
  one.counter('relay_things_total', 'Things', []).inc();
  expect(await other.registry.metrics()).not.toContain('relay_things_total');
});
