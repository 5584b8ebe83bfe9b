import { setTimeout as delay } from 'node:timers/promises';
import { Meter } from './meter';
import type { Surroundings } from './surroundings';

const LOOK_MS = 2_000;
/** Part of a core that Postgres and Kafka take together when they have nothing to do. */
const IDLE_SHARE = 0.05;
const MOST_LOOKS = 30;

/**
 * Waits, at most a minute, until Postgres and Kafka have done what is left of the measurement before: checkpoints, vacuum,
 * deleted logs. Of servers that were there before it is not known.
 */
export async function settle({ postgresPid, kafkaPid }: Surroundings): Promise<void> {
  for (let look = 0; look < MOST_LOOKS; look += 1) {
    const meter = Meter.start({ postgres: postgresPid, kafka: kafkaPid });
    await delay(LOOK_MS);
    const { seconds, cpuSeconds } = meter.stop();
    const busy = Object.values(cpuSeconds).reduce((sum, one) => sum + one, 0);
    if (busy / seconds < IDLE_SHARE) return;
  }
}
