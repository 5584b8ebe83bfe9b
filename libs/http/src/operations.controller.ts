import { Controller, Get, Inject, Res } from '@nestjs/common';
import { Health, Metrics } from '@kyc-relay/telemetry';
import type { FastifyReply } from 'fastify';

/** What Kubernetes and Prometheus ask of every service (`platform.md`, Operation). */
@Controller()
export class OperationsController {
  constructor(
    @Inject(Health) private readonly health: Health,
    @Inject(Metrics) private readonly metrics: Metrics,
  ) {}

  /** Whether the process is to be left running. */
  @Get('livez')
  live(@Res() reply: FastifyReply): void {
    const report = this.health.live();
    void reply.status(report.ok ? 200 : 503).send(report);
  }

  /** Whether the process may be sent work, with a short reason for each dependency. */
  @Get('readyz')
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const report = await this.health.ready();
    void reply.status(report.ok ? 200 : 503).send(report);
  }

  @Get('metrics')
  async scrape(@Res() reply: FastifyReply): Promise<void> {
    const page = await this.metrics.registry.metrics();
    void reply.type(this.metrics.registry.contentType).send(page);
  }
}
