import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { INFO_PATH, STATUS_PATH } from './callback-receiver';

/** `refusing`: the port is closed; `resetting`: connections are accepted and reset at once. */
export type EndpointState = 'accepting' | 'refusing' | 'resetting' | 'closed';

/** An endpoint as told over the control API. */
export interface EndpointInfo {
  id: string;
  url: string;
  status_url: string;
  info_url: string;
  state: EndpointState;
  /** Connections reset at once while `resetting`. */
  connections_reset: number;
}

const REOPEN_MS = 10_000;
const REOPEN_PAUSE_MS = 50;

/** One listening port of Money+, which can be shut and opened again. */
export class Endpoint {
  readonly id: string;
  private readonly host: string;
  private readonly server: Server;
  private port = 0;
  private state: EndpointState = 'closed';
  private connectionsReset = 0;

  private constructor(id: string, host: string, handler: RequestListener) {
    this.id = id;
    this.host = host;
    this.server = createServer({ keepAliveTimeout: 60_000, noDelay: true }, handler);
    this.server.on('connection', (socket) => {
      if (this.state !== 'resetting') return;
      this.connectionsReset += 1;
      socket.resetAndDestroy();
    });
    // A client's broken request line is answered with 400 by default; a connection that is gone cannot be.
    this.server.on('clientError', (_error, socket) => {
      if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n');
      else socket.destroy();
    });
  }

  /** Opens a port, a free one where `port` is 0. */
  static async open(
    id: string,
    handler: RequestListener,
    options: { host: string; port: number },
  ): Promise<Endpoint> {
    const endpoint = new Endpoint(id, options.host, handler);
    await endpoint.listen(options.port);
    endpoint.port = (endpoint.server.address() as AddressInfo).port;
    endpoint.state = 'accepting';
    return endpoint;
  }

  get url(): string {
    const host = this.host === '0.0.0.0' || this.host === '::' ? '127.0.0.1' : this.host;
    return `http://${host.includes(':') ? `[${host}]` : host}:${this.port}`;
  }

  get statusUrl(): string {
    return this.url + STATUS_PATH;
  }

  get infoUrl(): string {
    return this.url + INFO_PATH;
  }

  /** The endpoint as it stands. */
  describe(): EndpointInfo {
    return {
      id: this.id,
      url: this.url,
      status_url: this.statusUrl,
      info_url: this.infoUrl,
      state: this.state,
      connections_reset: this.connectionsReset,
    };
  }

  /** Closes the port and cuts all connections: clients are refused. */
  async refuse(): Promise<void> {
    await this.shut();
    this.state = 'refusing';
  }

  /** Accepts connections and resets them at once; those that are open are cut. */
  async resetConnections(): Promise<void> {
    await this.accept();
    this.state = 'resetting';
    this.server.closeAllConnections();
  }

  /** Opens the same port again. Rejects when another process keeps it for 10 s. */
  async accept(): Promise<void> {
    const giveUp = Date.now() + REOPEN_MS;
    while (!this.server.listening) {
      try {
        await this.listen(this.port);
      } catch (error) {
        // An outgoing connection of anyone may hold the number for a moment.
        if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || Date.now() > giveUp) throw error;
        await pause(REOPEN_PAUSE_MS);
      }
    }
    this.state = 'accepting';
  }

  /** Closes for good. */
  async close(): Promise<void> {
    await this.shut();
    this.state = 'closed';
  }

  private async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen({ port, host: this.host, backlog: 1024 }, () => {
        this.server.off('error', reject);
        resolve();
      });
    });
  }

  private async shut(): Promise<void> {
    if (!this.server.listening) return;
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }
}
