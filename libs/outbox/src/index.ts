export { PublishRefused, type BatchPublisher, type OutgoingMessage } from './batch-publisher';
export { packMessage, unpackMessage, type DeadLetter, type WireMessage } from './dead-letter';
export { LockedKeys, lockKeys } from './locked-keys';
export { Outbox, PayloadTooLarge, type OutboxMessage } from './outbox';
export { OutboxRelay, type RelaySettings } from './outbox-relay';
export { outboxTablesV1 } from './outbox-tables';
