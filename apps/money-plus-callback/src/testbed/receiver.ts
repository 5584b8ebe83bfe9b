import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A callback as the receiver saw it. */
export interface Received {
  path: string;
  shopeeUid: string;
  eventId: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** What the receiver does with a callback. Default: HTTP 200 `{"retcode":0}`. */
export type Behaviour = (callback: Received, response: ServerResponse, nth: number) => void;

/** Answers with a status and a body. */
export function answer(status: number, body: string, headers: Record<string, string> = {}): Behaviour {
  return (_callback, response) => {
    response.writeHead(status, headers).end(body);
  };
}

export const OK = answer(200, '{"retcode":0}');

/** An HTTP endpoint that keeps a log of what came and misbehaves as told. */
export class Receiver {
  readonly log: Received[] = [];
  behaviour: Behaviour = OK;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private port = 0;

  constructor() {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8');
        const { shopee_uid: shopeeUid, event_id: eventId } = JSON.parse(body) as Record<string, string>;
        const received: Received = {
          path: request.url ?? '',
          shopeeUid: shopeeUid ?? '',
          eventId: eventId ?? '',
          headers: request.headers,
          body,
        };
        this.log.push(received);
        const nth = this.log.filter((one) => one.eventId === received.eventId).length;
        this.behaviour(received, response, nth);
      });
    });
    this.server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
      socket.on('error', () => undefined);
    });
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Opens the port, the same one again after {@link shut}. */
  async open(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(this.port, '127.0.0.1', resolve));
    this.port = (this.server.address() as AddressInfo).port;
    return this;
  }

  /** Closes the port and cuts all connections. */
  async shut(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    if (this.server.listening) await new Promise((resolve) => this.server.close(resolve));
  }

  /** The event ids received, in order; those of one user if said. */
  eventIds(shopeeUid?: string): string[] {
    return this.log
      .filter((one) => shopeeUid === undefined || one.shopeeUid === shopeeUid)
      .map((one) => one.eventId);
  }
}
