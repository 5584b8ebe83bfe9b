import { createIndexConcurrently } from '@kyc-relay/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the purge looks for: cases by their last change, and whether a case has other pushes. */
export class IndexRiskForPurge1764300000005 implements MigrationInterface {
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await createIndexConcurrently(runner, {
      schema: 'risk',
      name: 'cases_changed',
      on: 'risk.cases (changed_at)',
    });
    await createIndexConcurrently(runner, {
      schema: 'risk',
      name: 'pushes_flow_no',
      on: 'risk.pushes (flow_no)',
    });
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('migrations go forward only'));
  }
}
