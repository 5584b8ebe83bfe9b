import { Controller, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { Actor, readAction, RequireRole } from '@kyc-relay/access';
import { RegistryFile } from '@kyc-relay/config';
import { badRequest, RawBody, readQuery } from '@kyc-relay/http';
import { OrderRuns } from '../handlers/order-runs';
import { ViewSync, type RunView } from '../handlers/view-sync';
import { ListRunsDto, StartRunsDto } from './operators.dto';
import { readRunCursor, writeRunCursor } from './page-cursor';
import { limitOf, readCursor } from './read-request';

/** The sync as operators start and see it (risk-cases.md, Serve). */
@Controller('v1/sync-runs')
export class SyncRunsController {
  constructor(
    @Inject(OrderRuns) private readonly orders: OrderRuns,
    @Inject(ViewSync) private readonly view: ViewSync,
    @Inject(RegistryFile) private readonly registry: RegistryFile,
  ) {}

  /** Starts a run of an agent or of all: wakes one that waits after failures, joins one that works. */
  @Post()
  @HttpCode(202)
  @RequireRole('operator')
  async start(@RawBody() body: Buffer, @Actor() actor: string): Promise<{ run_ids: string[] }> {
    const { reason, firstLevelAgentNum: wanted } = readAction(StartRunsDto, body);
    const known = [...this.registry.current().agents].map(
      ([agent, { acquirer }]) => [agent, acquirer.name] as const,
    );
    const agents = new Map(known.filter(([agent]) => wanted === undefined || agent === wanted));
    if (wanted !== undefined && agents.size === 0)
      throw badRequest([{ field: 'firstLevelAgentNum', message: 'must be an agent of the registry' }]);
    return { run_ids: await this.orders.run(agents, { actor, reason }) };
  }

  /** A page of runs, newest first. */
  @Get()
  @RequireRole('viewer')
  async list(@Query() query: unknown): Promise<{ items: RunView[]; next_cursor: string | null }> {
    const dto = readQuery(ListRunsDto, query);
    const { items, end } = await this.view.listRuns(
      dto.firstLevelAgentNum,
      readCursor(dto, readRunCursor),
      limitOf(dto),
    );
    return { items, next_cursor: end ? writeRunCursor(end) : null };
  }
}
