import type { RequestListener } from 'node:http';
import { Endpoint } from '../money-plus/endpoint';
import type { EndpointInfo } from '../money-plus/endpoint';
import { ControlProblem } from './control-problem';

/** Further Money+ endpoints beside the main port, opened on demand; these can be refused and opened again. */
export class EndpointBook {
  private readonly endpoints = new Map<string, Endpoint>();
  private opened = 0;

  constructor(
    private readonly handler: RequestListener,
    private readonly host: string,
  ) {}

  /** Opens one, on a free port where `port` is 0. */
  async open(port = 0): Promise<EndpointInfo> {
    this.opened += 1;
    const endpoint = await Endpoint.open(`endpoint-${this.opened}`, this.handler, { host: this.host, port });
    this.endpoints.set(endpoint.id, endpoint);
    return endpoint.describe();
  }

  /** All that are not closed for good. */
  list(): EndpointInfo[] {
    return [...this.endpoints.values()].map((endpoint) => endpoint.describe());
  }

  /** The endpoint of an id; a problem where there is none. */
  find(id: string): Endpoint {
    const endpoint = this.endpoints.get(id);
    if (endpoint === undefined) throw new ControlProblem(404, `no endpoint ${id}`);
    return endpoint;
  }

  /** Closes one for good. */
  async close(id: string): Promise<void> {
    await this.find(id).close();
    this.endpoints.delete(id);
  }

  /** Closes all. */
  async closeAll(): Promise<void> {
    for (const id of [...this.endpoints.keys()]) await this.close(id);
  }
}
