import { randomUUID } from 'node:crypto';
import { binaryHeaders, TOPICS } from '@kyc-relay/contracts';
import type { Message } from 'kafkajs';
import { scatter, uidOf, USERS } from './users';

/** Rounds that follow each other for every user; each event is applied and causes one callback. */
export type Round = 'submitted' | 'approved';

/** The nth event of a round: each of the users once, in a scattered order. A fresh id each time it is asked. */
export function caseEvent(round: Round, n: number, now: Date): Message {
  const user = scatter(n, USERS);
  const uid = uidOf(user);
  const caseId = `case-${String(user).padStart(11, '0')}-${Math.floor(n / USERS)}`;
  const data =
    round === 'submitted'
      ? { shopee_uid: uid, case_id: caseId, level: 300, region: 'ID', info: infoOf(user) }
      : { shopee_uid: uid, case_id: caseId, decided_by: 'OPS' };
  return {
    key: uid,
    value: JSON.stringify(data),
    headers: binaryHeaders({
      id: randomUUID(),
      source: '/bench/upstream',
      type: `kyc.case.${round}`,
      time: now,
      subject: uid,
    }),
  };
}

/** The topic of all of them. */
export const CASE_TOPIC = TOPICS.kycCaseEvents;

/** An eKYC with all eleven fields. */
export function infoOf(user: number): Record<string, string> {
  const digits = String(user).padStart(8, '0');
  return {
    name: `Siti Rahmawati ${digits}`,
    phone: `+62812${digits}`,
    gender: 'F',
    date_of_birth: '1990-04-17',
    nationality: 'ID',
    address: `Jalan Jenderal Sudirman ${digits}, Jakarta`,
    mailing_address: `Jalan Jenderal Sudirman ${digits}, Jakarta`,
    industry_code: '4711',
    occupation_code: '5223',
    ic_type: 'KTP',
    ic_number: `31740${digits}001`,
  };
}
