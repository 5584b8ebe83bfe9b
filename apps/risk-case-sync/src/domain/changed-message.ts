import type { RiskCaseChangedDto } from '@kyc-relay/contracts';

/** The value of a message of `risk.case-changed.v1`. */
export type ChangedMessage = { [Field in keyof RiskCaseChangedDto]: RiskCaseChangedDto[Field] };

/** Below what the outbox and the broker take, with room for headers. */
const MOST_BYTES = 850_000;
/** More changed fields, and longer names, than any real case has. */
const MOST_CHANGES = 200;
const LONGEST_FIELD = 256;

/**
 * The message of a change. One that is too large to be sent leaves the lists out, of the case and of what changed: that
 * a case changed must reach its readers, who can ask for all of it.
 */
export function changedMessage(message: ChangedMessage): ChangedMessage {
  if (isSendable(message)) return message;
  const { case: content, changes } = message;
  const withoutLists = {
    ...message,
    case: Object.fromEntries(Object.entries(content).filter(([, value]) => typeof value === 'string')),
    changes: changes.map(({ what, field, from, to }) => ({
      what,
      field,
      from: textOrNull(from),
      to: textOrNull(to),
    })),
  };
  if (isSendable(withoutLists)) return withoutLists;
  return {
    ...withoutLists,
    case: { flowNo: message.flowNo },
    changes: changes.slice(0, MOST_CHANGES).map(({ what, field }) => ({
      what,
      field: field && field.slice(0, LONGEST_FIELD),
      from: null,
      to: null,
    })),
  };
}

function isSendable(message: ChangedMessage): boolean {
  const text = JSON.stringify(message);
  // Most are far below, and need not be counted byte by byte.
  return text.length * 3 <= MOST_BYTES || Buffer.byteLength(text) <= MOST_BYTES;
}

function textOrNull<T>(value: T): T | null {
  return typeof value === 'string' ? value : null;
}
