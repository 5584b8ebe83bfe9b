import { auditTable } from '@kyc-relay/access';
import { inboxTablesV1 } from '@kyc-relay/messaging';
import { outboxTablesV1 } from '@kyc-relay/outbox';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { caseTablesV1 } from './case-tables';
import { pushTablesV1 } from './push-tables';
import { syncTablesV1 } from './sync-tables';

const SCHEMA = 'risk';

/** The `risk` schema: the copy of the cases, how it is kept, pushes, and the context's outbox and audit log. */
export class CreateRisk1763900000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create schema if not exists ${SCHEMA}`);
    const statements = [
      ...caseTablesV1(SCHEMA),
      ...syncTablesV1(SCHEMA),
      ...pushTablesV1(SCHEMA),
      // Nothing is consumed here, but every context has the same tables for what operators do with parked keys.
      ...inboxTablesV1(SCHEMA),
      ...outboxTablesV1(SCHEMA),
      auditTable(SCHEMA),
    ];
    for (const statement of statements) await runner.query(statement);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('migrations go forward only'));
  }
}
