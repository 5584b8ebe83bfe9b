import { Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { RegistryFile, type Acquirer, type AgentOfAcquirer } from '@kyc-relay/config';
import {
  AddressRanges,
  badRequest,
  isAllowedSource,
  ProblemException,
  RateLimits,
  RawBody,
  sourceAddressOf,
} from '@kyc-relay/http';
import type { SourceObject } from '@kyc-relay/signing';
import { isClaimedSigned, readPush, type PushMessage } from '../domain/push-message';
import { TakePush, type AuthenticPush } from '../handlers/take-push';
import { NOTIFY_PATH, SUCCESS } from './answers';
import { AuthenticClients } from './authentic-clients';
import { PushReport } from './push-report';
import { readBody } from './signed-body';

/** What is read of a request beside its body. */
interface PushRequest {
  headers: Readonly<Record<string, string | string[] | undefined>>;
  socket: { remoteAddress?: string | undefined };
}

/** Whom a push is from. */
type Sender = Pick<AuthenticPush, 'acquirer' | 'agents' | 'signed'>;

/** The partner's pushes (risk-cases.md, Push). */
@Controller(NOTIFY_PATH)
export class NotifyController {
  private readonly rates = new RateLimits();

  constructor(
    @Inject(TakePush) private readonly pushes: TakePush,
    @Inject(AuthenticClients) private readonly clients: AuthenticClients,
    @Inject(RegistryFile) private readonly registry: RegistryFile,
    @Inject(AddressRanges) private readonly trustedProxies: AddressRanges,
    @Inject(PushReport) private readonly report: PushReport,
  ) {}

  /**
   * Answers SUCCESS once the push is durable, and for one that was taken before. Otherwise FAIL: 400 malformed, 401 not
   * authentic, 413 too large, 429 over the acquirer's rate, 503 while the store is away.
   */
  @Post()
  @HttpCode(200)
  async take(@RawBody() bytes: Buffer, @Req() request: PushRequest): Promise<typeof SUCCESS> {
    try {
      const authentic = await this.authenticate(bytes, request);
      const { acquirer, push } = authentic;
      this.rates.pass(acquirer.name, acquirer.push_requests_per_second, Date.now());
      const isNew = await this.pushes.run(authentic);
      this.report.taken(acquirer.name, push.flowNo, isNew);
      return SUCCESS;
    } catch (error) {
      this.report.refused(error);
      throw error;
    }
  }

  private async authenticate(bytes: Buffer, request: PushRequest): Promise<AuthenticPush> {
    const read = readBody(bytes);
    if (!read.ok) throw wrong(read);
    const { body } = read;
    // Whoever signs is known before anything else is looked at; whoever does not is known by what it says.
    const signer = isClaimedSigned(body) ? this.signer(body) : undefined;
    const message = readPush(body);
    if (!message.ok) throw wrong(message);
    const { push } = message;
    const sender = signer ? await this.signedSender(signer, push) : await this.unsignedSender(push, request);
    return { push, body, bytes, ...sender };
  }

  /** @throws ProblemException 401 */
  private signer(body: SourceObject): Acquirer {
    const acquirer = this.clients.acquirer(body);
    if (!acquirer) throw notAuthentic();
    return acquirer;
  }

  /** The acquirer that signed, and whom the case may belong to: where nothing says, all its agents are asked. */
  private async signedSender(acquirer: Acquirer, push: PushMessage): Promise<Sender> {
    const agents = acquirer.agents.map(({ firstLevelAgentNum }) => firstLevelAgentNum);
    const named = push.agent ?? (await this.pushes.agentOf(push.flowNo));
    if (named !== undefined && agents.includes(named)) return { acquirer, agents: [named], signed: true };
    if (push.agent !== undefined)
      throw wrong({ field: 'firstLevelAgentNum', message: 'is no agent whose cases are copied' });
    return { acquirer, agents, signed: true };
  }

  /** @throws ProblemException 401, the same one whatever is missing */
  private async unsignedSender(push: PushMessage, { headers, socket }: PushRequest): Promise<Sender> {
    const named = push.agent ?? (await this.pushes.agentOf(push.flowNo));
    const known = named === undefined ? undefined : this.registry.current().agents.get(named);
    const source = sourceAddressOf(socket.remoteAddress, headers['x-forwarded-for'], this.trustedProxies);
    if (!known || !mayPushUnsigned(known, source)) throw notAuthentic();
    return { acquirer: known.acquirer, agents: [known.agent.firstLevelAgentNum], signed: false };
  }
}

function mayPushUnsigned({ agent }: AgentOfAcquirer, source: string | undefined): boolean {
  return agent.unsigned_push && isAllowedSource(agent.source_addresses, source);
}

function wrong({ field, message }: { field: string; message: string }): ProblemException {
  return badRequest([{ field, message }]);
}

function notAuthentic(): ProblemException {
  return new ProblemException(401, 'signature', 'Unauthorized', { detail: 'not authentic' });
}
