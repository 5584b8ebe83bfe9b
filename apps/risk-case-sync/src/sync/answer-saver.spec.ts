import { seededRandom } from '@kyc-relay/contracts';
import type { AnswerToSave } from '../handlers/save-rows';
import { AnswerSaver } from './answer-saver';

const answer = (askedAt: number): AnswerToSave => ({ readings: [], askedAt, source: 'PULL' });

/** Lets what waits on microtasks go on for a while. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await Promise.resolve();
}

describe('answers on their way to the store', () => {
  it('are all saved once, few transactions at a time, whatever comes between what', async () => {
    const random = seededRandom(5);
    const saved: number[] = [];
    let underWay = 0;
    let most = 0;
    const saver = new AnswerSaver(async (answers) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await turns(Math.floor(random() * 6));
      saved.push(...answers.map(({ askedAt }) => askedAt));
      underWay -= 1;
    });
    const all = Array.from({ length: 500 }, (_, at) => at);
    for (const at of all) {
      await turns(Math.floor(random() * 8));
      if (random() < 0.5) await saver.add(answer(at));
      else void saver.add(answer(at));
      if (random() < 0.1) await saver.drain();
    }
    await saver.drain();
    expect(saved.sort((a, b) => a - b)).toEqual(all);
    expect(most).toBe(2);
  });

  it('hold the reader back when the store is slow, and let it go when it fails', async () => {
    let fail: (error: Error) => void = () => undefined;
    const store = new Promise<void>((_, reject) => {
      fail = reject;
    });
    const saver = new AnswerSaver(async () => {
      await store;
    });
    let taken = 0;
    const reading = (async () => {
      for (let at = 0; at < 100; at += 1) {
        await saver.add(answer(at));
        taken += 1;
      }
    })();
    await turns(500);
    expect(taken).toBeGreaterThan(20);
    expect(taken).toBeLessThan(45);
    fail(new Error('store'));
    await expect(reading).rejects.toThrow('store');
  });
});
