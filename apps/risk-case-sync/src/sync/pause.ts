/** Thrown out of whatever is waiting when the work is withdrawn. */
export class Withdrawn extends Error {
  constructor() {
    super('the work was withdrawn');
    this.name = 'Withdrawn';
  }
}

/** Waits that end early when woken. */
export class Pause {
  private readonly sleepers = new Set<() => void>();

  constructor(private readonly signal: AbortSignal) {
    signal.addEventListener('abort', () => {
      this.wake();
    });
  }

  /** Waits so long, or until woken. @throws Withdrawn */
  async sleep(ms: number): Promise<void> {
    if (!this.signal.aborted && ms > 0)
      await new Promise<void>((resolve) => {
        const end = (): void => {
          clearTimeout(timer);
          this.sleepers.delete(end);
          resolve();
        };
        const timer = setTimeout(end, ms);
        this.sleepers.add(end);
      });
    if (this.signal.aborted) throw new Withdrawn();
  }

  /** Ends all waits. */
  wake(): void {
    for (const end of this.sleepers) end();
  }
}
