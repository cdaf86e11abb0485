/** What the appliance is loading right now, and how far it is; screens are asked again when it is through. */
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { type Job, runningJob, shareOf } from '../api/jobs.ts';
import { jobsQuery, sessionQuery } from '../api/queries.ts';
import { refresh } from './refresh.ts';
import { queries } from './services.ts';
import s from './top-bar.module.css';

const TEXT = {
  kinds: { demo: 'Simulating an office', ingest: 'Importing' } as Record<string, string>,
  learning: 'Learning what is usual',
  why: 'Long work of the appliance; System Status has the details',
};

/** In a few words: `Importing, 43 %`. Read to the end, the rest is learning. */
export function jobText(job: Job): string {
  const share = shareOf(job) ?? 0;
  if (share >= 1) return `${TEXT.learning}…`;
  return `${TEXT.kinds[job.kind] ?? job.kind}, ${Math.floor(share * 100)} %`;
}

/** When the last job ends, everything on screen is asked again: nobody watched it for its own sake. */
function useEnd(job: Job | undefined): void {
  const isRunning = job !== undefined;
  const wasRunning = useRef(false);
  useEffect(() => {
    if (wasRunning.current && !isRunning)
      void queries.refetchQueries({ queryKey: sessionQuery.queryKey }).then(refresh);
    wasRunning.current = isRunning;
  }, [isRunning]);
}

export function JobMark() {
  const { data } = useQuery(jobsQuery);
  const job = runningJob(data);
  useEnd(job);
  if (!job) return null;
  const share = shareOf(job);
  const text = jobText(job);
  return (
    <span className={s.job} role="status" title={TEXT.why}>
      <progress max={1} {...(share === undefined || share >= 1 ? {} : { value: share })} aria-label={text} />
      {text}
    </span>
  );
}
