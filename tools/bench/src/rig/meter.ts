import { readCpuUs, readRssMb } from './proc';

/** Processes to watch, by what people call them. */
export type Watched = Readonly<Record<string, number | undefined>>;

/** Processor time and wall-clock of what happens between `start` and `stop`. */
export class Meter {
  private readonly cpuAtStart = new Map<string, number>();
  private readonly startedAt = performance.now();

  private constructor(private readonly watched: Watched) {
    for (const [name, pid] of Object.entries(watched))
      if (pid !== undefined) this.cpuAtStart.set(name, readCpuUs(pid));
  }

  static start(watched: Watched): Meter {
    return new Meter(watched);
  }

  /** Seconds since the start and, by process, seconds of processor time. */
  stop(): { seconds: number; cpuSeconds: Record<string, number> } {
    const seconds = (performance.now() - this.startedAt) / 1000;
    const cpuSeconds: Record<string, number> = {};
    for (const [name, before] of this.cpuAtStart)
      cpuSeconds[name] = (readCpuUs(this.watched[name] ?? 0) - before) / 1e6;
    return { seconds, cpuSeconds };
  }
}

/** Resident memory over time: where it stood after a quarter, at the end, and at its highest. */
export interface MemoryCurve {
  firstMb: number;
  lastMb: number;
  peakMb: number;
  samplesMb: number[];
}

const SAMPLE_MS = 500;

/** Samples the resident memory of processes until stopped. */
export class MemoryWatch {
  private readonly samples = new Map<string, number[]>();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly watched: Watched) {
    for (const name of Object.keys(watched)) this.samples.set(name, []);
    this.sample();
    this.timer = setInterval(() => {
      this.sample();
    }, SAMPLE_MS);
  }

  stop(): Record<string, MemoryCurve> {
    clearInterval(this.timer);
    this.sample();
    return Object.fromEntries([...this.samples].map(([name, values]) => [name, curveOf(values)]));
  }

  private sample(): void {
    for (const [name, pid] of Object.entries(this.watched)) {
      const mb = pid === undefined ? undefined : readRssMb(pid);
      if (mb !== undefined) this.samples.get(name)?.push(Math.round(mb * 10) / 10);
    }
  }
}

/** Medians of a window, since one sample between two garbage collections says little. */
function curveOf(samplesMb: number[]): MemoryCurve {
  const window = Math.max(1, Math.floor(samplesMb.length / 8));
  const quarter = Math.floor(samplesMb.length / 4);
  return {
    firstMb: median(samplesMb.slice(quarter, quarter + window)),
    lastMb: median(samplesMb.slice(-window)),
    peakMb: Math.max(...samplesMb),
    samplesMb,
  };
}

/** The middle value; 0 of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

/** The value below which the share `p` of all lies. */
export function percentile(sorted: readonly number[], p: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * p) - 1)] ?? NaN;
}
