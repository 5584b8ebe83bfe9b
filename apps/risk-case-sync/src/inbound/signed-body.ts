import { parseSourceJson, type SourceObject } from '@kyc-relay/signing';
import { isUtf8 } from 'node:buffer';
import { isObject } from '../domain/write-json';

/** A body that is a JSON object, read without loss; or what is wrong with it. */
export type ReadBody = { ok: true; body: SourceObject } | { ok: false; field: string; message: string };

/** Only such a name of a field is repeated; anything else could be a value in its place. */
const PLAIN_NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

/** Reads the body of a request that is signed by the risk rule: a key that stands twice is refused. */
export function readBody(bytes: Buffer): ReadBody {
  if (!isUtf8(bytes)) return wrong('body', 'must be JSON in UTF-8');
  const parsed = parseSourceJson(bytes.toString('utf8'));
  if (parsed.ok)
    return isObject(parsed.value) ? { ok: true, body: parsed.value } : wrong('body', 'must be a JSON object');
  if (parsed.reason === 'too-deep') return wrong('body', 'must not be nested more than 32 deep');
  if (parsed.reason === 'duplicate-key')
    return wrong(PLAIN_NAME.test(parsed.key ?? '') ? (parsed.key ?? 'body') : 'body', 'must not stand twice');
  return wrong('body', 'must be JSON in UTF-8');
}

function wrong(field: string, message: string): ReadBody {
  return { ok: false, field, message };
}
