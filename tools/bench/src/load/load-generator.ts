import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { LoadOrder, LoadResult } from './http-load';

/** The load generator's process. */
export class LoadGenerator {
  private readonly child: ChildProcess = fork(join(__dirname, 'http-load.js'));

  /** Sends requests and waits for their answers. @throws Error when one is not answered as it must be */
  async run(order: LoadOrder): Promise<LoadResult> {
    this.child.send(order);
    const [said] = (await once(this.child, 'message')) as [{ result?: LoadResult; error?: string }];
    if (!said.result) throw new Error(said.error);
    return said.result;
  }

  stop(): void {
    this.child.disconnect();
  }
}
