import { createLogger } from '@kyc-relay/telemetry';
import { RepeatingJob } from './repeating-job';

/** A job whose rounds end as told; `rounds` resolves when so many have begun. */
function jobOf(
  endings: (() => Promise<boolean | undefined>)[],
  everyMs = 1,
): { job: RepeatingJob; all: Promise<void>; log: string[] } {
  const log: string[] = [];
  let begun = 0;
  let tell: () => void;
  const all = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const work = async (): Promise<boolean | undefined> => {
    const ending = endings[begun];
    begun += 1;
    if (begun === endings.length) tell();
    return await ending?.();
  };
  const logger = createLogger('test', 'info', { write: (line) => log.push(line) });
  return { job: new RepeatingJob({ name: 'purge', work, everyMs, pauseMs: 0 }, logger), all, log };
}

/** A round with nothing more to do. */
async function quietly(): Promise<undefined> {
  await Promise.resolve();
}

describe('a repeating job', () => {
  it('goes on after a round that failed, and says so', async () => {
    const { job, all, log } = jobOf([async () => await Promise.reject(new TypeError('x')), quietly, quietly]);
    await job.start();
    await all;
    await job.stop();
    expect(log).toHaveLength(1);
    expect(log[0]).toContain('"job":"purge"');
  });

  it('says nothing of a store that is away', async () => {
    const { job, all, log } = jobOf([
      async () => await Promise.reject(Object.assign(new Error('no'), { code: 'ECONNREFUSED' })),
      quietly,
    ]);
    await job.start();
    await all;
    await job.stop();
    expect(log).toEqual([]);
  });

  it('does not wait for its time while there is more to do', async () => {
    const more = async (): Promise<boolean> => await Promise.resolve(true);
    const { job, all } = jobOf([more, more, more], 3_600_000);
    await job.start();
    await all;
    await job.stop();
  });

  it('stops after the round under way, and begins none', async () => {
    let end: () => void = () => undefined;
    const under = new Promise<boolean>((resolve) => {
      end = (): void => {
        resolve(true);
      };
    });
    let rounds = 0;
    const { job, all } = jobOf([
      async () => {
        rounds += 1;
        return await under;
      },
    ]);
    await job.start();
    await all;
    const stopped = job.stop();
    end();
    await stopped;
    await new Promise((resolve) => setImmediate(resolve));
    expect(rounds).toBe(1);
  });
});
