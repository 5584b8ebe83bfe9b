import { createIndexConcurrently } from '@kyc-relay/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the purge looks for: both tables are appended in time, so an index of block ranges costs next to nothing. */
export class IndexKycForPurge1764300000001 implements MigrationInterface {
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await createIndexConcurrently(runner, {
      schema: 'kyc',
      name: 'user_history_at',
      on: 'kyc.user_history using brin (at)',
    });
    await createIndexConcurrently(runner, {
      schema: 'kyc',
      name: 'decided_cases_decided_at',
      on: 'kyc.decided_cases using brin (decided_at)',
    });
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('migrations go forward only'));
  }
}
