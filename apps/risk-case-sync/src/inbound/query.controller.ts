import { Controller, Header, HttpCode, Inject, Post } from '@nestjs/common';
import { RegistryFile, type RiskClient } from '@kyc-relay/config';
import { RateLimits, RawBody } from '@kyc-relay/http';
import { readCaseQuery } from '../domain/case-query';
import { zoneOf, type Zone } from '../domain/zone-time';
import { ServeQuery } from '../handlers/serve-query';
import { NOT_SIGNED, QUERY_PATH, refuseQuery, type QueryRefusal } from './answers';
import { AuthenticClients } from './authentic-clients';
import { readBody } from './signed-body';

/** The partner's query on our copy (risk-cases.md, Serve): a client of the partner is pointed here unchanged. */
@Controller(QUERY_PATH)
export class QueryController {
  private readonly rates = new RateLimits();

  constructor(
    @Inject(AuthenticClients) private readonly clients: AuthenticClients,
    @Inject(RegistryFile) private readonly registry: RegistryFile,
    @Inject(ServeQuery) private readonly serve: ServeQuery,
  ) {}

  /**
   * Always 200 but for 413, 429 and 503; `respCode` 99 where it is refused.
   * @throws TooManyRequests over the client's rate
   */
  @Post()
  @HttpCode(200)
  @Header('content-type', 'application/json; charset=utf-8')
  async query(@RawBody() bytes: Buffer): Promise<string> {
    const read = readBody(bytes);
    if (!read.ok) return write(refuseQuery(read.field, read.message));
    const client = this.clients.client(read.body);
    if (!client) return write(NOT_SIGNED);
    this.rates.pass(client.accessid, client.requests_per_second, Date.now());
    const result = readCaseQuery(read.body, (agent) => this.zoneFor(client, agent));
    if (!result.ok) return write(refuseQuery(result.field, result.message));
    return await this.serve.run(result.query, zoneOf(this.timezoneOf(result.query.agent)));
  }

  private zoneFor(client: RiskClient, agent: string): Zone | undefined {
    return client.agents.includes(agent) ? zoneOf(this.timezoneOf(agent)) : undefined;
  }

  /** The zone of the agent's acquirer; an agent that is no longer copied is served as it was. */
  private timezoneOf(agent: string): string {
    return this.registry.current().agents.get(agent)?.acquirer.timezone ?? 'Asia/Shanghai';
  }
}

function write(refusal: QueryRefusal): string {
  return JSON.stringify(refusal);
}
