import { ExportedMetrics } from './exported-metrics';
import { listMarkdown, readText } from './repository';
import { SERVICES } from './services';

const ALL = SERVICES.map(({ description }) => description.name);
const CONSUMERS = SERVICES.filter(({ description }) => description.topics.length > 0).map(
  ({ description }) => description.name,
);
const CALLBACK = ['money-plus-callback'];
const RISK = ['risk-case-sync'];

/** The contract with dashboards and alerts: metric, labels, and the services that export it. */
const CONTRACT: [string, string, string[], readonly string[]][] = [
  ['relay_outbox_backlog', 'gauge', ['context'], ALL],
  ['relay_outbox_oldest_seconds', 'gauge', ['context'], ALL],
  ['relay_outbox_published_total', 'counter', ['context', 'topic'], ALL],
  ['relay_consumer_lag', 'gauge', ['topic'], CONSUMERS],
  ['relay_consumer_last_fetch_seconds', 'gauge', ['topic'], CONSUMERS],
  ['relay_inbox_duplicates_total', 'counter', ['topic'], CONSUMERS],
  ['relay_parked_keys', 'gauge', ['topic'], CONSUMERS],
  ['relay_dead_letters_total', 'counter', ['code', 'topic'], CONSUMERS],
  ['relay_callback_attempts_total', 'counter', ['biz_id', 'outcome'], CALLBACK],
  ['relay_callback_seconds', 'histogram', ['biz_id', 'outcome'], CALLBACK],
  ['relay_callback_pending', 'gauge', ['biz_id'], CALLBACK],
  ['relay_callback_oldest_pending_seconds', 'gauge', ['biz_id'], CALLBACK],
  ['relay_circuit_open', 'gauge', ['biz_id'], CALLBACK],
  [
    'relay_pending_over_limit',
    'gauge',
    ['kind'],
    ['kyc-status-publisher', 'payee-service', 'review-notify-ingest', 'risk-case-sync'],
  ],
  ['relay_sync_age_seconds', 'gauge', ['agent'], RISK],
  ['relay_sync_runs_total', 'counter', ['agent', 'state'], RISK],
  ['relay_webhooks_total', 'counter', ['outcome', 'partner'], ['review-notify-ingest', 'risk-case-sync']],
  ['relay_registry_reloads_total', 'counter', ['result'], ALL],
  ['relay_http_requests_total', 'counter', ['method', 'route', 'status'], ALL],
  ['relay_http_request_seconds', 'histogram', ['method', 'route', 'status'], ALL],
];

describe('the metrics', () => {
  let exported: ExportedMetrics;
  beforeAll(async () => {
    exported = await ExportedMetrics.collect();
  }, 60_000);

  it.each(CONTRACT)('%s is a %s by %s of the services it concerns', (name, type, labels, services) => {
    const found = [...exported.byService].flatMap(([service, metrics]) =>
      metrics.filter((one) => one.name === name).map((one) => ({ ...one, service })),
    );
    expect(found).toEqual(services.map((service) => ({ name, type, labels, service })));
  });

  it('carry no label that says which service it is, which the scraper adds', () => {
    for (const name of exported.ownNames())
      for (const { labels } of exported.declarationsOf(name))
        expect([name, labels.includes('service')]).toEqual([name, false]);
  });

  it('that a document names are exported', () => {
    const own = new Set(exported.ownNames());
    const named = listMarkdown().flatMap((path) =>
      [...readText(path).matchAll(/\brelay_[a-z_]+[a-z]\b/g)].map(([name]) => ({ path, name })),
    );
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter(({ name }) => !own.has(exported.baseOf(name)))).toEqual([]);
  });

  it('beside the contract are told of in the README of their service', () => {
    const agreed = new Set(CONTRACT.map(([name]) => name));
    for (const [service, metrics] of exported.byService)
      for (const { name } of metrics)
        if (name.startsWith('relay_') && !agreed.has(name))
          expect([service, name, readText('apps', service, 'README.md').includes(name)]).toEqual([
            service,
            name,
            true,
          ]);
  });
});
