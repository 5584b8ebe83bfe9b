import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACCOUNT_EVENT_DTOS } from './account-events.dto';
import { CALLBACK_FINISHED_DTOS } from './callback-finished.dto';
import { KYC_CASE_EVENT_DTOS } from './kyc-case-events.dto';
import { KYC_USER_EVENT_DTOS } from './kyc-user-events.dto';
import { PAYEE_CHANGED_DTOS } from './payee-changed.dto';
import { REVIEW_DECIDED_DTOS } from './review-decided.dto';
import { RISK_CASE_CHANGED_DTOS } from './risk-case-changed.dto';

/** A message as it stands on its topic, which producer and consumer both test against. */
export interface GoldenMessage {
  /** Name of the topic. */
  topic: string;
  /** The Kafka key. */
  key: string;
  /** The headers of CloudEvents' binary mode. */
  headers: Record<string, string>;
  /** The content. */
  value: Record<string, unknown>;
}

/** The event types that have a golden message. */
export type GoldenName =
  | keyof typeof KYC_CASE_EVENT_DTOS
  | keyof typeof ACCOUNT_EVENT_DTOS
  | keyof typeof KYC_USER_EVENT_DTOS
  | keyof typeof CALLBACK_FINISHED_DTOS
  | keyof typeof PAYEE_CHANGED_DTOS
  | keyof typeof REVIEW_DECIDED_DTOS
  | keyof typeof RISK_CASE_CHANGED_DTOS;

/** The event types that have a golden message. */
export const GOLDEN_NAMES = [
  KYC_CASE_EVENT_DTOS,
  ACCOUNT_EVENT_DTOS,
  KYC_USER_EVENT_DTOS,
  CALLBACK_FINISHED_DTOS,
  PAYEE_CHANGED_DTOS,
  REVIEW_DECIDED_DTOS,
  RISK_CASE_CHANGED_DTOS,
].flatMap((dtos) => Object.keys(dtos)) as GoldenName[];

/**
 * Reads the golden message of an event type. For tests: it reads a file.
 *
 * @param name the event type
 */
export function goldenMessage(name: GoldenName): GoldenMessage {
  return JSON.parse(readFileSync(join(__dirname, '..', 'golden', `${name}.json`), 'utf8')) as GoldenMessage;
}
