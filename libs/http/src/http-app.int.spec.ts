import { createHash } from 'node:crypto';
import { Controller, Get, HttpCode, HttpException, Module, Param, Post, Req } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Metrics } from '@kyc-relay/telemetry';
import { collectingLogger, eventually, exchangeRaw, useCleanup } from '@kyc-relay/testing';
import { createHttpApp, MAX_BODY_BYTES } from './http-app';
import { parseJsonBody } from './json-body';
import { badRequest, ProblemException } from './problem.exception';
import { RawBody } from './raw-body.decorator';

const cleanup = useCleanup();
const SECRET = '900517-14-5678';

@Controller()
class ProbeController {
  @Post('echo')
  @HttpCode(200)
  echo(@RawBody() body: Buffer): object {
    return {
      bytes: body.length,
      sha256: createHash('sha256').update(body).digest('hex'),
      isJson: !!parseJsonBody(body),
    };
  }

  @Post('small')
  @HttpCode(200)
  small(@RawBody() body: Buffer): object {
    return { bytes: body.length };
  }

  @Get('users/:id')
  user(@Param('id') id: string): object {
    return { id };
  }

  @Get('fail/:kind')
  fail(@Param('kind') kind: string): never {
    switch (kind) {
      case 'bug':
        throw new TypeError(`cannot read ${SECRET}`);
      case 'store':
        throw Object.assign(new Error(`connect to 10.0.0.1, ${SECRET}`), { code: 'ECONNREFUSED' });
      case 'field':
        throw badRequest([{ field: 'reason', message: 'is missing' }]);
      case 'refusal':
        throw new ProblemException(409, 'task.stale', 'Conflict', { detail: 'a later change was delivered' });
      case 'plain':
        throw new HttpException(`no ${SECRET}`, 418);
      default:
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- what a careless library might do
        throw kind;
    }
  }

  @Post('partner/v1')
  @HttpCode(200)
  partner(@RawBody() body: Buffer): object {
    if (body.length === 1) throw new TypeError(SECRET);
    return {};
  }

  @Get('ids')
  id(@Req() request: { id: string }): object {
    return { id: request.id };
  }
}

@Module({ controllers: [ProbeController] })
class ProbeModule {}

const log = collectingLogger();
const metrics = new Metrics();
let app: NestFastifyApplication;
let url: string;

beforeAll(async () => {
  app = await createHttpApp(ProbeModule, {
    logger: log.logger,
    metrics,
    envelopes: [
      {
        path: '/partner/v1',
        render: ({ status, title }) => ({ body: { retcode: status === 400 ? 1 : -1, message: title } }),
      },
    ],
    limits: [{ path: '/small', bytes: 64 }],
  });
  cleanup.defer(async () => {
    await app.close();
  });
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
});

beforeEach(() => {
  log.lines.length = 0;
});

async function post(
  path: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
): Promise<Response> {
  return await fetch(url + path, { method: 'POST', body, headers });
}

async function problemOf(response: Response): Promise<Record<string, unknown>> {
  return (await response.json()) as Record<string, unknown>;
}

describe('a body', () => {
  test.each<[string, Buffer, Record<string, string>]>([
    ['JSON', Buffer.from('{"a": 1}'), { 'content-type': 'application/json' }],
    ['JSON with odd white space', Buffer.from('\r\n {"a" :1}\t'), { 'content-type': 'application/json' }],
    ['not UTF-8', Buffer.from([0xff, 0x00, 0xfe]), { 'content-type': 'application/json' }],
    ['of a type nobody knows', Buffer.from('x'), { 'content-type': 'application/vnd.unheard' }],
    ['of a type that is none', Buffer.from('x'), { 'content-type': ';;;' }],
    ['a form', Buffer.from('a=1&b=2'), { 'content-type': 'application/x-www-form-urlencoded' }],
    ['as large as may be', Buffer.alloc(MAX_BODY_BYTES, 'x'), {}],
  ])('%s comes as the bytes that were sent', async (_, body, headers) => {
    const response = await post('/echo', body, headers);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      bytes: body.length,
      sha256: createHash('sha256').update(body).digest('hex'),
    });
  });

  test('that is absent is empty', async () => {
    const answer = await exchangeRaw(url, 'POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('"bytes":0');
  });

  test('in chunks is put together, and over the limit cut off', async () => {
    const head = 'POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n';
    const good = await exchangeRaw(url, head, '3\r\nabc\r\n', '2\r\nde\r\n', '0\r\n\r\n');
    expect(good.body).toContain('"bytes":5');
    const chunk = `100000\r\n${'x'.repeat(0x100000)}\r\n`;
    const large = await exchangeRaw(url, head, chunk, '1\r\nx\r\n');
    expect(large.status).toBe(413);
  });

  test.each([
    ['/echo', MAX_BODY_BYTES + 1],
    ['/small', 65],
  ])('to %s is refused by its declared length alone', async (path, length) => {
    const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${length}\r\n\r\n`;
    const answer = await exchangeRaw(url, head, 'x');
    expect(answer.status).toBe(413);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(JSON.parse(answer.body)).toMatchObject({ status: 413 });
  });

  test.each(['Content-Length: -1', 'Content-Length: 1e3', 'Content-Length: 1\r\nContent-Length: 2'])(
    'of a senseless length (%s) is 400 and ends the connection',
    async (header) => {
      const answer = await exchangeRaw(url, `POST /echo HTTP/1.1\r\nHost: x\r\n${header}\r\n\r\nx`);
      expect(answer.status).toBe(400);
    },
  );

  test('that says too little of itself is taken by its own length', async () => {
    expect(await (await post('/small', 'x'.repeat(64))).json()).toEqual({ bytes: 64 });
    expect((await post('/small', 'x'.repeat(65))).status).toBe(413);
  });
});

describe('a slow sender', () => {
  test('has 10 s for the headers and 30 s for the whole request', () => {
    const server = app.getHttpServer();
    expect(server.headersTimeout).toBe(10_000);
    expect(server.requestTimeout).toBe(30_000);
  });

  test('of headers, and of a body, is cut with 408', async () => {
    const server = app.getHttpServer();
    const { headersTimeout, requestTimeout } = server;
    try {
      // Node looks at the limits as they are now, every second.
      Object.assign(server, { headersTimeout: 300, requestTimeout: 600 });
      const [headers, body] = await Promise.all([
        exchangeRaw(url, 'POST /echo HTTP/1.1\r\nHost: x\r\nX-Slow: '),
        exchangeRaw(url, 'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nx'),
      ]);
      expect([headers.status, body.status]).toEqual([408, 408]);
    } finally {
      Object.assign(server, { headersTimeout, requestTimeout });
    }
  });
});

describe('an error', () => {
  test.each<[string, number, object]>([
    [
      'bug',
      500,
      { type: 'urn:kyc-relay:problem:internal-server-error', title: 'Internal Server Error', status: 500 },
    ],
    ['thrown-text', 500, { title: 'Internal Server Error', status: 500 }],
    ['store', 503, { type: 'urn:kyc-relay:problem:service-unavailable', status: 503 }],
    ['field', 400, { status: 400, errors: [{ field: 'reason', message: 'is missing' }] }],
    ['refusal', 409, { type: 'urn:kyc-relay:problem:task.stale', detail: 'a later change was delivered' }],
    ['plain', 418, { status: 418 }],
  ])('%s is told as problem+json, without a word of what is inside', async (kind, status, expected) => {
    const response = await fetch(`${url}/fail/${kind}`);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(response.headers.get('retry-after')).toBe(status === 503 ? '1' : null);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject(expected);
    expect(text).not.toMatch(new RegExp(`${SECRET}|10\\.0\\.0\\.1| at |node_modules`));
    expect(log.text()).not.toContain(SECRET);
    expect(log.lines.some((line) => line.msg === 'request failed')).toBe(status >= 500);
  });

  test.each([
    ['GET', '/nowhere', 404],
    ['GET', '/echo', 404],
    ['DELETE', '/users/1', 404],
    ['HEAD', '/users/1', 404],
    ['GET', '/users/%zz', 400],
    ['GET', `/users/${'x'.repeat(300)}`, 414],
    ['GET', '//', 404],
    ['GET', '/users/../../etc/passwd', 404],
    ['PROPFIND', '/users/1', 404],
  ])('%s %s is %i, as problem+json', async (method, path, status) => {
    const answer = await exchangeRaw(
      url,
      `${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    );
    expect(answer.status).toBe(status);
    if (method !== 'HEAD')
      expect(JSON.parse(answer.body)).toMatchObject({ status, type: expect.any(String) as string });
    expect(answer.body).not.toMatch(/fastify|FST_|Cannot GET/i);
  });

  test('on a partner path is told in the words of the partner, whoever found it', async () => {
    const bug = await post('/partner/v1', 'x');
    expect([bug.status, await problemOf(bug)]).toEqual([
      500,
      { retcode: -1, message: 'Internal Server Error' },
    ]);
    const large = await exchangeRaw(
      url,
      `POST /partner/v1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${MAX_BODY_BYTES + 1}\r\n\r\n`,
    );
    expect([large.status, JSON.parse(large.body)]).toEqual([
      413,
      { retcode: -1, message: 'Payload Too Large' },
    ]);
    expect(large.headers['content-type']).toContain('application/json');
    const unknown = await post('/partner/v1/more', 'x');
    expect([unknown.status, await problemOf(unknown)]).toEqual([404, { retcode: -1, message: 'Not Found' }]);
    const other = await post('/partner/v10', 'x');
    expect(other.headers.get('content-type')).toContain('application/problem+json');
  });

  test('of the protocol itself is a 4xx and not an end of the process', async () => {
    const broken = [
      'nonsense\r\n\r\n',
      'GET / HTTP/9.9\r\n\r\n',
      'GET /users/1 HTTP/1.1\r\nno colon\r\n\r\n',
      `GET /users/1 HTTP/1.1\r\nHost: x\r\nX-Large: ${'x'.repeat(20_000)}\r\n\r\n`,
      'POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
      'POST /echo HTTP/1.1\r\nHost: x\r\nExpect: the-unexpected\r\nConnection: close\r\n\r\n',
      '\0\0\0\0',
    ];
    for (const text of broken) {
      const { status } = await exchangeRaw(url, text);
      expect(status === 0 || (status >= 400 && status < 500)).toBe(true);
    }
    expect((await fetch(`${url}/users/1`)).status).toBe(200);
  });
});

describe('every answer', () => {
  test('carries headers that keep it from being guessed at, framed, cached or sent in clear', async () => {
    for (const path of ['/users/1', '/nowhere', '/fail/bug']) {
      const { headers } = await fetch(url + path);
      expect(Object.fromEntries(headers)).toMatchObject({
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'referrer-policy': 'no-referrer',
        'strict-transport-security': expect.stringContaining('max-age') as string,
      });
      expect(headers.get('server') ?? headers.get('x-powered-by')).toBeNull();
    }
  });

  test("carries the request's id: the caller's where it is usable, otherwise one of ours", async () => {
    const usable = await fetch(`${url}/ids`, { headers: { 'x-request-id': 'abc-1.2_3' } });
    expect(usable.headers.get('x-request-id')).toBe('abc-1.2_3');
    for (const id of ['', 'a b', 'x'.repeat(65), '{"a":1}']) {
      const { headers } = await fetch(`${url}/ids`, { headers: { 'x-request-id': id } });
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  test('is one log line and one count, by the pattern of the route, without path, query or body', async () => {
    const parent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await fetch(`${url}/users/${SECRET}?phone=${SECRET}`, { headers: { traceparent: parent } });
    await fetch(`${url}/users/1`, { headers: { traceparent: `phone ${SECRET}` } });
    await fetch(`${url}/no/${SECRET}`);
    await eventually(() => log.lines.length === 3);
    expect(log.lines).toMatchObject([
      { msg: 'request', method: 'GET', route: '/users/:id', status: 200, traceparent: parent },
      { route: '/users/:id', status: 200 },
      { route: 'unknown', status: 404 },
    ]);
    expect(JSON.stringify(log.lines)).not.toContain(SECRET);
    const page = await metrics.registry.metrics();
    expect(page).toMatch(/relay_http_requests_total\{method="GET",route="\/users\/:id",status="200"\} \d/);
    expect(page).not.toContain(SECRET);
  });
});
