import { Controller, Get, Module, Post, Req } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Health, Metrics } from '@kyc-relay/telemetry';
import {
  collectingLogger,
  eventually,
  recordingTracing,
  useCleanup,
  type RecordingTracing,
} from '@kyc-relay/testing';
import { createHttpApp } from './http-app';
import { OperationsController } from './operations.controller';
import { traceparentOf, type TracedRequest } from './request-spans';
import { Traceparent } from './traceparent.decorator';

const PARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const SECRET = 'canary-60123456789';
const cleanup = useCleanup();

@Controller()
class ProbeController {
  @Get('users/:id')
  show(@Traceparent() traceparent: string | undefined, @Req() request: TracedRequest): object {
    return { traceparent, same: traceparentOf(request) === traceparent };
  }

  @Post('bug')
  bug(): never {
    throw new Error('bug');
  }
}

@Module({
  controllers: [ProbeController, OperationsController],
  providers: [Health, Metrics],
})
class ProbeModule {}

const log = collectingLogger();
let recording: RecordingTracing;

async function start(tracing?: RecordingTracing['tracing']): Promise<string> {
  const app: NestFastifyApplication = await createHttpApp(ProbeModule, {
    logger: log.logger,
    metrics: new Metrics(),
    ...(tracing && { tracing }),
  });
  cleanup.defer(async () => {
    await app.close();
  });
  await app.listen(0, '127.0.0.1');
  return await app.getUrl();
}

async function show(url: string, traceparent?: string): Promise<{ traceparent?: string; same: boolean }> {
  const answer = await fetch(`${url}/users/${SECRET}?phone=${SECRET}`, {
    headers: traceparent === undefined ? {} : { traceparent },
  });
  return (await answer.json()) as { traceparent?: string; same: boolean };
}

describe('with tracing, a request', () => {
  let url: string;
  beforeAll(async () => {
    recording = await recordingTracing();
    url = await start(recording.tracing);
  });

  test('is a server span under its caller, which its handler and its log line see', async () => {
    const seen = await show(url, PARENT);
    await eventually(() => recording.spans().length === 1);
    const [span] = recording.spans();
    expect(span).toMatchObject({
      name: 'GET /users/:id',
      traceId: '0af7651916cd43dd8448eb211c80319c',
      parentSpanId: 'b7ad6b7169203331',
      attributes: {
        'http.request.method': 'GET',
        'http.route': '/users/:id',
        'http.response.status_code': 200,
      },
    });
    expect(seen).toEqual({ traceparent: span?.traceparent, same: true });
    await eventually(() => log.lines.some((line) => line['traceparent'] === span?.traceparent));
    expect(JSON.stringify(recording.spans())).not.toContain(SECRET);
  });

  test('without a caller that traces begins a trace', async () => {
    const { traceparent } = await show(url, `phone ${SECRET}`);
    await eventually(() => recording.spans().some((span) => span.traceparent === traceparent));
    const span = recording.spans().find((one) => one.traceparent === traceparent);
    expect(span?.parentSpanId).toBeUndefined();
  });

  test('that its caller does not record is none, and passes that on', async () => {
    const before = recording.spans().length;
    const unsampled = PARENT.replace(/01$/, '00');
    expect((await show(url, unsampled)).traceparent).toBe(unsampled);
    const { traceparent } = await show(url, PARENT);
    await eventually(() => recording.spans().some((span) => span.traceparent === traceparent));
    expect(recording.spans()).toHaveLength(before + 1);
  });

  test('that fails says so, and a probe is none', async () => {
    for (const path of ['livez', 'readyz', 'metrics']) await fetch(`${url}/${path}`);
    await fetch(`${url}/bug`, { method: 'POST' });
    await eventually(() => recording.spans().some((span) => span.name === 'POST /bug'));
    expect(recording.spans().at(-1)?.attributes).toMatchObject({
      'http.response.status_code': 500,
      'error.type': '500',
    });
    expect(recording.spans().filter(({ name }) => /livez|readyz|metrics/.test(name))).toEqual([]);
  });
});

test('without tracing, a request passes on what its caller sent, if it is a trace context', async () => {
  const url = await start();
  expect((await show(url, PARENT)).traceparent).toBe(PARENT);
  expect((await show(url, `phone ${SECRET}`)).traceparent).toBeUndefined();
});
