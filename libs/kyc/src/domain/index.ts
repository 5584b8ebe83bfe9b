export * from './current-state';
export { decideAccountEvent } from './decide-account-event';
export { decideCaseEvent } from './decide-case-event';
export * from './decide-entry';
export { decidePhoneChange } from './decide-phone-change';
export * from './decide-subscription';
export {
  IGNORED_REASONS,
  type Decision,
  type DecisionContext,
  type HistoryEntry,
  type IgnoredReason,
} from './decision';
export type { HistoryChange } from './describe-changes';
export * from './kyc-record';
export { causesCallback, publishedValue, type UserEvent } from './user-event';
