import { auditTable } from '@kyc-relay/access';
import { inboxTablesV1 } from '@kyc-relay/messaging';
import { outboxTablesV1 } from '@kyc-relay/outbox';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { payeeTablesV1 } from './payee-tables';

const SCHEMA = 'payee';

/** The `payee` schema: payees, and the context's inbox, outbox and audit log. */
export class CreatePayee1763900000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create schema if not exists ${SCHEMA}`);
    const statements = [
      ...payeeTablesV1(SCHEMA),
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
