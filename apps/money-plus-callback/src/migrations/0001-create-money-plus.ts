import { auditTable } from '@kyc-relay/access';
import { inboxTablesV1 } from '@kyc-relay/messaging';
import { outboxTablesV1 } from '@kyc-relay/outbox';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { deliveryTablesV1 } from './delivery-tables';

const SCHEMA = 'money_plus';

/** The `money_plus` schema: deliveries, and the context's inbox, outbox and audit log. */
export class CreateMoneyPlus1763900000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create schema if not exists ${SCHEMA}`);
    const statements = [
      ...deliveryTablesV1(SCHEMA),
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
