import { createHash } from 'node:crypto';
import type { EventStamp } from './upstream-event';

/** Where a series of stamps begins; equal options give equal stamps. */
export interface StampOptions {
  /** Any text; two series with different seeds share no id. */
  seed: string;
  /** Time of the first stamp, RFC 3339 or ms since the epoch. */
  start: string | number;
  /** Between two stamps, ms; 1,000 where left out. */
  step_ms?: number;
  /** `ce_source` of every stamp. */
  source?: string;
}

/** An endless, repeatable series of event ids (in the form of a UUID) and times, one per call. */
export function seededStamps(options: StampOptions): () => EventStamp {
  const start = new Date(options.start).getTime();
  const step = options.step_ms ?? 1000;
  let count = 0;
  return () => {
    const id = seededUuid(`${options.seed}/${count}`);
    const time = new Date(start + count * step).toISOString();
    count += 1;
    return options.source === undefined ? { id, time } : { id, time, source: options.source };
  };
}

function seededUuid(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  // Version 8 is the one that RFC 9562 leaves to the maker.
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
