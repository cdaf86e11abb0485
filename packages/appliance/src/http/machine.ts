/** Load of the machine: processors, memory, disk. */
import { statfs } from 'node:fs/promises';
import { cpus, freemem, loadavg, totalmem, uptime } from 'node:os';

export interface MachineFigures {
  /** Percent, all of them. */
  load: number;
  cpu: number;
  memoryUsed: number;
  diskUsed: number;
  /** ms since the machine was started. */
  uptime: number;
}

const percentOf = (part: number, whole: number): number =>
  whole > 0 ? Math.round(Math.min(1, Math.max(0, part / whole)) * 100) : 0;

/** Gives the figures; processor use is since the last call. */
export function machineGauge(folder: string): () => Promise<MachineFigures> {
  let last = { busy: 0, all: 0 };
  return async () => {
    const times = cpus().map((cpu) => cpu.times);
    const all = times.reduce((sum, t) => sum + t.user + t.nice + t.sys + t.idle + t.irq, 0);
    const busy = all - times.reduce((sum, t) => sum + t.idle, 0);
    const cpu = percentOf(busy - last.busy, all - last.all);
    last = { busy, all };
    return {
      load: percentOf(loadavg()[0]!, times.length),
      cpu,
      memoryUsed: percentOf(totalmem() - freemem(), totalmem()),
      diskUsed: await diskUsed(folder),
      uptime: uptime() * 1000,
    };
  };
}

async function diskUsed(folder: string): Promise<number> {
  try {
    const { blocks, bavail } = await statfs(folder);
    return percentOf(blocks - bavail, blocks);
  } catch {
    return 0; // a folder that is gone has no disk
  }
}
