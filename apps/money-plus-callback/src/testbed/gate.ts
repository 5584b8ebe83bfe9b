import { OK, type Behaviour } from './receiver';

/** An endpoint that holds calls until the test lets them go. */
export class Gate {
  readonly held: (() => void)[] = [];
  readonly behaviour: Behaviour = (callback, response, nth) => {
    this.held.push(() => {
      OK(callback, response, nth);
    });
  };

  open(): void {
    for (const release of this.held.splice(0)) release();
  }
}
