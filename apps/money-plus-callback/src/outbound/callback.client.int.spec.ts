import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { eventually, useCleanup } from '@kyc-relay/testing';
import { judgeAnswer } from '../domain/judge-answer';
import { answer, OK, Receiver } from '../testbed/receiver';
import { CallbackClient, type CallEnd, type ClientSettings } from './callback.client';

const BODY = Buffer.from('{"shopee_uid":"u","event_id":"e"}');
const LIMIT = 64 * 1024;

describe('CallbackClient', () => {
  const cleanup = useCleanup();
  let receiver: Receiver;
  const opened: { close: () => Promise<void> }[] = [];

  beforeEach(async () => {
    receiver = await new Receiver().open();
    opened.push({
      close: async () => {
        await receiver.shut();
      },
    });
  });
  afterEach(async () => {
    for (const one of opened.splice(0).reverse()) await one.close();
  });
  cleanup.defer(() => undefined);

  function client(some: Partial<ClientSettings> = {}): CallbackClient {
    const made = new CallbackClient({
      origin: receiver.origin,
      connections: 2,
      connectTimeoutMs: 300,
      timeoutMs: 400,
      allowPrivateAddresses: true,
      ...some,
    });
    opened.push(made);
    return made;
  }
  const call = async (via: CallbackClient, mayWrite = (): boolean => true): Promise<CallEnd> =>
    await via.start({ path: '/status?a=1', headers: { 'webhook-id': 'e' }, body: BODY }, mayWrite).end;
  const judged = async (via: CallbackClient): Promise<string> => {
    const end = await call(via);
    if (end.kind !== 'ended') return end.kind;
    const { error, httpStatus } = judgeAnswer(end.result, []);
    return `${httpStatus ?? '-'} ${error ?? 'OK'}`;
  };

  /** A server that does not speak HTTP as it should. */
  async function rawServer(onConnection: (socket: Socket) => void): Promise<string> {
    const server: Server = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      sockets.push(socket);
      onConnection(socket);
    });
    const sockets: Socket[] = [];
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    opened.push({
      close: async () => {
        for (const socket of sockets) socket.destroy();
        await new Promise((resolve) => server.close(resolve));
      },
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  const onRequest =
    (act: (socket: Socket) => void) =>
    (socket: Socket): void => {
      socket.once('data', () => {
        act(socket);
      });
    };

  it('sends the bytes, the headers and the whole path', async () => {
    expect(await judged(client())).toBe('200 OK');
    expect(receiver.log[0]).toMatchObject({ path: '/status?a=1', body: BODY.toString() });
    expect(receiver.log[0]?.headers).toMatchObject({
      'webhook-id': 'e',
      'content-length': String(BODY.length),
    });
  });

  it('keeps connections open between calls', async () => {
    const ports = new Set<number | undefined>();
    receiver.behaviour = (callback, response, nth) => {
      ports.add(response.socket?.remotePort);
      OK(callback, response, nth);
    };
    const via = client({ connections: 1 });
    for (let nth = 0; nth < 5; nth += 1) await call(via);
    expect(ports.size).toBe(1);
  });

  it('does not follow a redirect', async () => {
    receiver.behaviour = answer(302, '', { location: `${receiver.origin}/elsewhere` });
    expect(await judged(client())).toBe('302 REDIRECT');
    expect(receiver.log).toHaveLength(1);
  });

  it('reads a body up to 64 KiB and no further', async () => {
    const padded = (size: number): string => `{"retcode":0,"x":"${'y'.repeat(size - 20)}"}`;
    expect(padded(LIMIT)).toHaveLength(LIMIT);
    receiver.behaviour = answer(200, padded(LIMIT));
    expect(await judged(client())).toBe('200 OK');
    receiver.behaviour = answer(200, padded(LIMIT + 1));
    expect(await judged(client())).toBe('200 TOO_LARGE');
  });

  it('cuts a body without end', async () => {
    let written = 0;
    receiver.behaviour = (_callback, response) => {
      response.writeHead(200);
      const pour = (): void => {
        while (!response.destroyed && response.write('z'.repeat(16_384))) written += 16_384;
        if (!response.destroyed) response.once('drain', pour);
      };
      pour();
    };
    expect(await judged(client({ timeoutMs: 5_000 }))).toBe('200 TOO_LARGE');
    expect(written).toBeLessThan(50 * LIMIT);
  });

  it('gives up when no answer comes, or not all of it', async () => {
    receiver.behaviour = () => undefined;
    expect(await judged(client({ timeoutMs: 100 }))).toBe('- TIMEOUT');
    receiver.behaviour = (_callback, response) => {
      response.writeHead(200).write('{"ret');
    };
    expect(await judged(client({ timeoutMs: 100 }))).toBe('200 TIMEOUT');
  });

  it('gives up on an answer that drips', async () => {
    receiver.behaviour = (_callback, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => {
        clearInterval(drip);
      });
    };
    expect(await judged(client({ timeoutMs: 150 }))).toBe('200 TIMEOUT');
  });

  it('names refused and reset connections, and what is not HTTP', async () => {
    await receiver.shut();
    expect(await judged(client())).toBe('- CONNECT');
    const resetting = await rawServer(onRequest((socket) => socket.resetAndDestroy()));
    expect(await judged(client({ origin: resetting }))).toBe('- RESET');
    const closing = await rawServer(onRequest((socket) => socket.end()));
    expect(await judged(client({ origin: closing }))).toBe('- RESET');
    const babbling = await rawServer(onRequest((socket) => socket.end('hello\r\n\r\n')));
    expect(await judged(client({ origin: babbling }))).toBe('- RESET');
    const short = await rawServer(
      onRequest((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"retcode":0}')),
    );
    expect(await judged(client({ origin: short }))).toBe('200 RESET');
    const endlessHead = await rawServer(
      onRequest((socket) => socket.end(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`)),
    );
    expect(await judged(client({ origin: endlessHead }))).toBe('- TOO_LARGE');
  });

  it('names TLS that fails', async () => {
    expect(await judged(client({ origin: receiver.origin.replace('http:', 'https:') }))).toBe('- TLS');
  });

  it('does not call addresses inside our network, by number or by name, unless allowed', async () => {
    const { port } = new URL(receiver.origin);
    for (const host of [
      '127.0.0.1',
      '[::1]',
      '[::ffff:127.0.0.1]',
      'localhost',
      '10.0.0.1',
      '169.254.169.254',
    ]) {
      const via = client({ origin: `http://${host}:${port}`, allowPrivateAddresses: false });
      expect(await judged(via)).toBe('- BLOCKED_ADDRESS');
    }
    expect(receiver.log).toHaveLength(0);
    expect(await judged(client({ origin: `http://localhost:${port}` }))).toBe('200 OK');
  });

  it('names a host that has no address', async () => {
    expect(await judged(client({ origin: 'http://no-such-host.invalid' }))).toBe('- CONNECT');
  });

  it('reports what 429 and 503 ask for, and nothing else', async () => {
    const asked = async (status: number): Promise<number | null> => {
      receiver.behaviour = answer(status, '', { 'retry-after': '3' });
      const end = await call(client());
      return end.kind === 'ended' ? end.retryAfterMs : null;
    };
    expect([await asked(429), await asked(503), await asked(500)]).toEqual([3000, 3000, null]);
  });

  it('asks right before it writes, and writes nothing when it may not', async () => {
    expect(await call(client(), () => false)).toEqual({ kind: 'withdrawn' });
    expect(await judged(client())).toBe('200 OK');
    expect(receiver.log).toHaveLength(1);
  });

  it('withdraws a call under way', async () => {
    receiver.behaviour = () => undefined;
    const running = client().start({ path: '/', headers: {}, body: BODY }, () => true);
    await eventually(() => receiver.log.length === 1);
    running.withdraw();
    expect(await running.end).toEqual({ kind: 'withdrawn' });
  });
});
