import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts processor time in ticks of this length, whatever the kernel's own timer. */
const TICK_US = 10_000;

interface Stat {
  parent: number;
  /** Own time and that of children that have ended, in microseconds. */
  cpuUs: number;
}

function readStat(pid: number): Stat | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The command's name may hold anything; the fields begin behind its closing bracket.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const number = (index: number): number => Number(fields[index]);
  // state ppid ... utime stime cutime cstime, see proc(5).
  const ticks = number(11) + number(12) + number(13) + number(14);
  return { parent: number(1), cpuUs: ticks * TICK_US };
}

/**
 * Processor time in microseconds: of this process by itself, of another with all below it and to 10 ms; 0 for one that is
 * not there.
 */
export function readCpuUs(pid: number): number {
  if (pid === process.pid) {
    const { user, system } = process.cpuUsage();
    return user + system;
  }
  const stats = new Map<number, Stat>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = readStat(Number(name));
    if (stat) stats.set(Number(name), stat);
  }
  let sum = 0;
  for (const [one, stat] of stats) if (isBelow(one, pid, stats)) sum += stat.cpuUs;
  return sum;
}

function isBelow(pid: number, ancestor: number, stats: ReadonlyMap<number, Stat>): boolean {
  for (let at: number | undefined = pid; at !== undefined && at > 1; at = stats.get(at)?.parent)
    if (at === ancestor) return true;
  return false;
}

/** Resident memory of a process in MB (10^6 bytes); undefined for a process that is not there. */
export function readRssMb(pid: number): number | undefined {
  try {
    const found = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return found ? (Number(found[1]) * 1024) / 1e6 : undefined;
  } catch {
    return undefined;
  }
}

/** The load average of the last minute: what else runs on this machine makes a figure worse. */
export function readLoad(): number {
  return Number(readFileSync('/proc/loadavg', 'utf8').split(' ')[0]);
}
