/** A check gives up after this long and counts as failed: a probe that hangs tells an SRE nothing. */
const CHECK_TIMEOUT_MS = 2_000;

/**
 * One thing a service depends on. `check` resolves when it is well and rejects when it is not.
 * `required` says for how long its failure makes the process unready: always (the store), or only until it has been
 * well once (Kafka: HTTP edges that write to Postgres can still be served without it).
 */
export interface HealthCheck {
  name: string;
  required: 'always' | 'until-first-success';
  check: () => Promise<void>;
}

/** The answer of a probe: `ok`, and for each check `ok` or a short reason without addresses or secrets. */
export interface HealthReport {
  ok: boolean;
  checks: Record<string, string>;
}

async function outcomeOf(check: HealthCheck): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<string>((resolve) => {
    timer = setTimeout(() => {
      resolve('no answer in time');
    }, CHECK_TIMEOUT_MS);
  });
  try {
    return await Promise.race([
      check.check().then(
        () => 'ok',
        () => 'unreachable',
      ),
      limit,
    ]);
  } finally {
    clearTimeout(timer);
  }
}

/** Readiness and liveness of one process (`platform.md`, Operation). */
export class Health {
  private readonly readiness: HealthCheck[] = [];
  private readonly liveness: { name: string; isAlive: () => boolean }[] = [];
  private readonly succeeded = new Set<string>();
  private stopping = false;

  /** Adds a dependency to `/readyz`. */
  addReadiness(check: HealthCheck): void {
    this.readiness.push(check);
  }

  /** Adds a condition to `/livez`; when it does not hold, the process is to be restarted. */
  addLiveness(name: string, isAlive: () => boolean): void {
    this.liveness.push({ name, isAlive });
  }

  /** From now on unready, so that nothing new is sent here while the process ends. */
  beginStop(): void {
    this.stopping = true;
  }

  async ready(): Promise<HealthReport> {
    const outcomes = await Promise.all(
      this.readiness.map(async (check) => ({ check, outcome: await outcomeOf(check) })),
    );
    let ok = !this.stopping;
    const checks: Record<string, string> = this.stopping ? { process: 'stopping' } : {};
    for (const { check, outcome } of outcomes) {
      checks[check.name] = outcome;
      if (outcome === 'ok') this.succeeded.add(check.name);
      else if (check.required === 'always' || !this.succeeded.has(check.name)) ok = false;
    }
    return { ok, checks };
  }

  live(): HealthReport {
    const checks = Object.fromEntries(
      this.liveness.map(({ name, isAlive }) => [name, isAlive() ? 'ok' : 'stuck']),
    );
    return { ok: Object.values(checks).every((outcome) => outcome === 'ok'), checks };
  }
}
