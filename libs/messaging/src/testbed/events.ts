import { randomUUID } from 'node:crypto';
import { IsText } from '@kyc-relay/contracts';
import { IsInt } from 'class-validator';

/** The content of the events of these tests: the n-th of its key. */
export class Counted {
  @IsText({ max: 64 })
  key!: string;

  @IsInt()
  n!: number;
}

/** An event to be produced; what is left out is made up. */
export interface Event {
  key: string;
  n: number;
  id?: string;
  type?: string;
  headers?: Record<string, string | Buffer>;
  partition?: number;
}

/** A message as bytes. */
export interface RawMessage {
  key: Buffer | string | null;
  value: Buffer | string | null;
  headers?: Record<string, string | Buffer | (string | Buffer)[]>;
  partition?: number;
}

/** An event as it stands on the topic. */
export function messageOf({
  key,
  n,
  id = randomUUID(),
  type = 'counted',
  headers = {},
  ...place
}: Event): RawMessage & {
  value: string;
  headers: Record<string, string | Buffer>;
} {
  return {
    ...place,
    key,
    value: JSON.stringify({ key, n }),
    headers: {
      ce_specversion: '1.0',
      ce_id: id,
      ce_source: '/test',
      ce_type: type,
      ce_time: '2026-01-02T03:04:05Z',
      ...headers,
    },
  };
}
