import { createIndexConcurrently } from '@kyc-relay/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the purge looks for: the table is appended in time, so an index of block ranges costs next to nothing. */
export class IndexPayeeForPurge1764300000003 implements MigrationInterface {
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await createIndexConcurrently(runner, {
      schema: 'payee',
      name: 'payee_history_at',
      on: 'payee.payee_history using brin (at)',
    });
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('migrations go forward only'));
  }
}
