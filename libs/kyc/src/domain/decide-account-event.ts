import type { AccountStateEvent } from '@kyc-relay/contracts';
import { apply, causeOf, ignore, IGNORED_REASONS, type Decision } from './decision';
import type { KycRecord } from './kyc-record';

/**
 * Keeps the state of the wallet account, which the entry depends on. Nothing is published and no version counted.
 *
 * @param record the user until now
 * @param event an event whose form is checked, about this user
 * @param context the time of processing
 */
export function decideAccountEvent(
  record: KycRecord,
  event: AccountStateEvent,
  context: { now: Date },
): Decision {
  const cause = causeOf(event, context.now);
  const account = { ...record.account, ...changeOf(event.type) };
  if (account.activated === record.account.activated && account.banned === record.account.banned) {
    return ignore(IGNORED_REASONS.accountUnchanged, cause);
  }
  return apply(record, { ...record, account }, [], cause);
}

function changeOf(type: AccountStateEvent['type']): Partial<KycRecord['account']> {
  switch (type) {
    case 'account.activated':
      return { activated: true };
    case 'account.banned':
      return { banned: true };
    case 'account.unbanned':
      return { banned: false };
  }
}
