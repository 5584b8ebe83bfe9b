import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLogger, type Logger } from '../logger';
import { Metrics } from '../metrics';
import { openTracing, traceTo, type TracingSettings } from './open-tracing';
import { parseTraceparent } from './trace-context';
import type { Tracing } from './tracing';

const SETTINGS: TracingSettings = { service: 'a-service', replicaId: 'a-1', sampleRatio: 1 };
const PARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

async function recording(
  settings = SETTINGS,
): Promise<{ tracing: Tracing; spans: InMemorySpanExporter['getFinishedSpans'] }> {
  const exporter = new InMemorySpanExporter();
  const tracing = await traceTo(new SimpleSpanProcessor(exporter), settings);
  return { tracing, spans: () => exporter.getFinishedSpans() };
}

describe('a span', () => {
  test('belongs to the trace that came in, and what it calls belongs to it', async () => {
    const { tracing, spans } = await recording();
    const server = tracing.start('SERVER', 'outer', PARENT);
    const client = tracing.start('CLIENT', 'inner', server?.traceparent);
    client?.set({ attempt: 2 });
    client?.end('TIMEOUT');
    server?.end();
    const [inner, outer] = spans();
    expect(outer).toMatchObject({
      name: 'outer',
      kind: 1,
      parentSpanContext: { spanId: 'b7ad6b7169203331' },
    });
    expect(inner).toMatchObject({
      name: 'inner',
      kind: 2,
      parentSpanContext: { spanId: outer!.spanContext().spanId },
      attributes: { attempt: 2, 'error.type': 'TIMEOUT' },
      status: { code: 2 },
      resource: { attributes: { 'service.name': 'a-service', 'service.instance.id': 'a-1' } },
    });
    for (const span of [inner, outer])
      expect(span!.spanContext().traceId).toBe('0af7651916cd43dd8448eb211c80319c');
    expect(outer!.status.code).toBe(0);
  });

  test.each([undefined, null, '', 'phone +60123456789', '00-0-0-01'])(
    'without a parent begins a trace: %p',
    async (parent) => {
      const { tracing, spans } = await recording();
      const span = tracing.start('CONSUMER', 'root', parent);
      span?.end();
      expect(spans()).toHaveLength(1);
      expect(spans()[0]!.parentSpanContext).toBeUndefined();
      expect(parseTraceparent(span!.traceparent)).toMatchObject({ isSampled: true });
    },
  );

  test('is not made for a trace that its caller does not record', async () => {
    const { tracing, spans } = await recording();
    expect(tracing.start('SERVER', 'quiet', PARENT.replace(/01$/, '00'))).toBeUndefined();
    expect(spans()).toEqual([]);
  });

  test('cuts a text that is too long', async () => {
    const { tracing, spans } = await recording();
    const span = tracing.start('SERVER', 'long', PARENT);
    span?.set({ text: 'x'.repeat(10_000) });
    span?.end();
    expect(spans()[0]!.attributes['text']).toBe('x'.repeat(256));
  });
});

describe('sampling', () => {
  test('of a new trace is decided once: what follows an unsampled one is told', async () => {
    const { tracing, spans } = await recording({ ...SETTINGS, sampleRatio: 0 });
    const root = tracing.start('SERVER', 'root', undefined);
    expect(parseTraceparent(root!.traceparent)).toMatchObject({ isSampled: false });
    expect(tracing.start('CLIENT', 'child', root!.traceparent)).toBeUndefined();
    root!.end();
    expect(spans()).toEqual([]);
  });

  test('leaves a trace alone that was decided on elsewhere', async () => {
    const { tracing, spans } = await recording({ ...SETTINGS, sampleRatio: 0 });
    tracing.start('SERVER', 'root', PARENT)?.end();
    expect(spans()).toHaveLength(1);
  });

  test('takes about the share of the new traces that it is told to', async () => {
    const { tracing, spans } = await recording({ ...SETTINGS, sampleRatio: 0.25 });
    for (let count = 0; count < 4_000; count += 1) tracing.start('SERVER', 'root', undefined)?.end();
    // Ten standard deviations around 1,000.
    expect(Math.abs(spans().length - 1_000)).toBeLessThan(275);
  });
});

describe('an exporter', () => {
  const lines: string[] = [];
  const logger: Logger = createLogger('test', 'debug', { write: (line) => lines.push(line) });
  let metrics: Metrics;
  let server: Server | undefined;

  beforeEach(() => {
    lines.length = 0;
    metrics = new Metrics();
  });
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
    server = undefined;
  });

  const counted = async (result: string): Promise<string | undefined> =>
    (await metrics.registry.metrics())
      .split('\n')
      .find((line) => line.startsWith(`relay_trace_spans_total{result="${result}"}`))
      ?.split(' ')[1];

  /** A receiver that answers with a status, or with none never; its URL, and what it got. */
  async function receiver(
    status?: number,
  ): Promise<{ endpoint: string; got: { url: string; body: string }[] }> {
    const got: { url: string; body: string }[] = [];
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        got.push({ url: request.url ?? '', body });
        if (status !== undefined)
          response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
      });
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, got };
  }

  test('is not there without an endpoint', async () => {
    const tracing = await openTracing(SETTINGS, { endpoint: undefined, logger, metrics });
    expect(tracing.isOn).toBe(false);
    expect(tracing.start('SERVER', 'none', PARENT)).toBeUndefined();
    await tracing.stop();
  });

  test('has sent everything when the service has stopped', async () => {
    const { endpoint, got } = await receiver(200);
    const tracing = await openTracing(SETTINGS, { endpoint, logger, metrics });
    for (let count = 0; count < 700; count += 1) tracing.start('SERVER', `span ${count}`, PARENT)?.end();
    await tracing.stop();
    const sent = got.map(({ body }) => body).join('');
    expect(sent.match(/"name":"span \d+"/g)).toHaveLength(700);
    expect(new Set(got.map(({ url }) => url))).toEqual(new Set(['/v1/traces']));
    expect(await counted('sent')).toBe('700');
    expect(lines).toEqual([]);
  });

  test('that is refused is told of once, and disturbs nobody', async () => {
    const { endpoint, got } = await receiver(400);
    const tracing = await openTracing(SETTINGS, { endpoint, logger, metrics });
    for (let count = 0; count < 1_100; count += 1) tracing.start('SERVER', 'lost', PARENT)?.end();
    await tracing.stop();
    expect(got.length).toBeGreaterThan(1);
    // The stop does not wait for the last batch when one before it was refused.
    expect(Number(await counted('lost'))).toBeGreaterThan(512);
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
      'traces cannot be exported: spans are lost',
    ]);
  });

  test('that never answers holds up no stop for longer than a second', async () => {
    const { endpoint } = await receiver();
    const tracing = await openTracing(SETTINGS, { endpoint, logger, metrics });
    tracing.start('SERVER', 'stuck', PARENT)?.end();
    const began = performance.now();
    await tracing.stop();
    expect(performance.now() - began).toBeLessThan(2_500);
  });

  test('that is not there drops what is too much instead of keeping it', async () => {
    const { endpoint } = await receiver();
    server?.close();
    const tracing = await openTracing(SETTINGS, { endpoint, logger, metrics });
    for (let count = 0; count < 20_000; count += 1) tracing.start('SERVER', 'lost', PARENT)?.end();
    await tracing.stop();
    expect(Number((await counted('lost')) ?? 0)).toBeLessThan(10_000);
  });
});
