/** Long work of the appliance – imports, the simulated estate – as the frame around the screens shows it. */
import type { JobEvent } from './live.ts';

export type Job = JobEvent;

/** The list with a job in its newest state; newest job first. A list that was never asked for stays so. */
export function withJob(list: Job[] | undefined, job: Job): Job[] | undefined {
  if (!list) return undefined;
  const isKnown = list.some(({ id }) => id === job.id);
  return isKnown ? list.map((old) => (old.id === job.id ? job : old)) : [job, ...list];
}

/** The newest job that is still running. */
export const runningJob = (list: readonly Job[] | undefined): Job | undefined =>
  list?.find(({ state }) => state === 'running');

/** How far a job is, from 0 to 1; undefined before it has said so. */
export function shareOf({ progress }: Pick<Job, 'progress'>): number | undefined {
  if (!progress || progress.total <= 0) return undefined;
  return Math.min(1, Math.max(0, progress.done / progress.total));
}
