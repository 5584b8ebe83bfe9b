import type { Acquirer, Agent } from './acquirer.dto';
import type { ApiToken } from './api-token.dto';
import type { Business } from './business.dto';
import type { Institution } from './institution.dto';
import type { Merchant } from './merchant.dto';
import type { PartnerRegistry } from './partner-registry.dto';
import type { RiskClient } from './risk-client.dto';

/** An agent and the acquirer it belongs to. */
export interface AgentOfAcquirer {
  acquirer: Acquirer;
  agent: Agent;
}

/** One state of the registry, looked up by id; never changes, a reload gives another one. */
export class Partners {
  /** By `biz_id`. */
  readonly businesses: ReadonlyMap<string, Business>;
  /** By `merchantNo`. */
  readonly merchants: ReadonlyMap<string, Merchant>;
  /** By `institutionId`. */
  readonly institutions: ReadonlyMap<string, Institution>;
  /** By our name for them. */
  readonly acquirers: ReadonlyMap<string, Acquirer>;
  /** By `firstLevelAgentNum`, over all acquirers. */
  readonly agents: ReadonlyMap<string, AgentOfAcquirer>;
  /** By `accessid`. */
  readonly riskClients: ReadonlyMap<string, RiskClient>;
  /** Tokens of our own API, those of the registry first. */
  readonly apiTokens: readonly ApiToken[];

  constructor(registry: PartnerRegistry, moreTokens: readonly ApiToken[] = []) {
    this.businesses = new Map(registry.businesses.map((business) => [business.biz_id, business]));
    this.merchants = new Map(registry.merchants.map((merchant) => [merchant.merchantNo, merchant]));
    this.institutions = new Map(registry.institutions.map((one) => [one.institutionId, one]));
    this.acquirers = new Map(registry.acquirers.map((acquirer) => [acquirer.name, acquirer]));
    this.agents = new Map(
      registry.acquirers.flatMap((acquirer) =>
        acquirer.agents.map((agent) => [agent.firstLevelAgentNum, { acquirer, agent }]),
      ),
    );
    this.riskClients = new Map(registry.risk_clients.map((client) => [client.accessid, client]));
    this.apiTokens = [...registry.api_tokens, ...moreTokens];
  }
}
