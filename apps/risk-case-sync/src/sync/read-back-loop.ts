import { isStoreAway } from '@kyc-relay/persistence';
import { inSpan, type Logger, type Span, type Tracing } from '@kyc-relay/telemetry';
import { MOST_FLOW_NOS, queryCases } from '../domain/partner-query';
import { decideReadBack, type ReadBack } from '../domain/read-back';
import type { RowReading } from '../domain/read-row';
import type { Instant } from '../domain/zone-time';
import { AgentTaken } from '../outbound/agents.repository';
import type { ReadBacksRepository } from '../outbound/read-backs.repository';
import { readRows, type AgentWorkParts } from './agent-work';

/** Asks for the cases that pushes told of, beside whatever else goes on for the agent (risk-cases.md, Push). */
export class ReadBackLoop {
  constructor(
    private readonly readBacks: ReadBacksRepository,
    private readonly parts: AgentWorkParts,
    private readonly logger: Logger,
    private readonly tracing: Tracing,
  ) {}

  /** One request for what is due; false when nothing was. */
  async round(): Promise<boolean> {
    const due = await this.readBacks.due(this.parts.taken.agent, MOST_FLOW_NOS);
    if (due.length === 0) return false;
    await inSpan(this.tracing, 'read back', async (span) => {
      await this.readBack(due, span);
    });
    return true;
  }

  private async readBack(due: readonly ReadBack[], span: Span | undefined): Promise<void> {
    const { taken, zone, calls } = this.parts;
    span?.set({ 'relay.agent': taken.agent, 'relay.cases': due.length });
    const flowNos = due.map(({ flowNo }) => flowNo);
    const answer = await calls.askOnce(queryCases(taken.agent, flowNos));
    const readings = answer ? readRows(answer.answer.rows, zone) : [];
    const isSaved = answer !== undefined && (await this.save(readings, answer.askedAt, span?.traceparent));
    const found = new Set(readings.map((reading) => (reading.kind === 'CASE' ? reading.flowNo : undefined)));
    for (const readBack of due) {
      const result = !isSaved ? 'NOT_ANSWERED' : found.has(readBack.flowNo) ? 'FOUND' : 'NOT_FOUND';
      const step = decideReadBack(readBack, result);
      await this.readBacks.step(readBack, step);
      if (step.kind === 'EMPTY')
        this.logger.warn(
          { agent: taken.agent, flowNo: readBack.flowNo },
          'pushed case is not known to the partner',
        );
    }
    if (!isSaved) span?.set({ 'relay.outcome': 'NOT_ANSWERED' });
  }

  /** What cannot be saved for a fault of ours is tried again like what was not answered: later, and not at once for ever. */
  private async save(
    readings: RowReading[],
    askedAt: Instant,
    traceparent: string | undefined,
  ): Promise<boolean> {
    const { taken, zone, save, hashKey } = this.parts;
    try {
      await save.run([{ readings, askedAt, source: 'PUSH' }], { taken, zone, hashKey, traceparent });
      return true;
    } catch (error) {
      if (error instanceof AgentTaken || isStoreAway(error)) throw error;
      this.logger.error({ err: error, agent: taken.agent }, 'read-back could not be saved');
      return false;
    }
  }
}
