import { connect, type Socket } from 'node:net';

/** A request over a socket of its own, for what an HTTP client would not send. */
export class RawRequest {
  private received = '';
  private readonly socket: Socket;
  private readonly ended: Promise<void>;

  constructor(url: string) {
    const { hostname, port } = new URL(url);
    this.socket = connect(Number(port), hostname);
    this.socket.on('data', (chunk: Buffer) => {
      this.received += chunk.toString('latin1');
    });
    this.socket.on('error', () => undefined);
    this.ended = new Promise((resolve) => {
      this.socket.on('close', () => {
        resolve();
      });
    });
  }

  /** Writes the head of a notification. */
  head(headers: Record<string, string | number>): this {
    const lines = Object.entries({ Host: 'localhost', Connection: 'close', ...headers }).map(
      ([name, value]) => `${name}: ${value}\r\n`,
    );
    return this.write(`POST /v1/notify/reviews HTTP/1.1\r\n${lines.join('')}\r\n`);
  }

  write(bytes: string | Buffer): this {
    this.socket.write(bytes);
    return this;
  }

  /** Ends our half of the connection. */
  end(): this {
    this.socket.end();
    return this;
  }

  /** Cuts the connection. */
  cut(): void {
    this.socket.destroy();
  }

  /** Waits until the server has ended the connection; the status and body of its answer, empty where it gave none. */
  async answer(): Promise<{ status: string; body: string }> {
    await this.ended;
    const [head = '', body = ''] = this.received.split('\r\n\r\n');
    return { status: head.split(' ')[1] ?? '', body };
  }
}
