/** Long work in the server. */
import { cancelJob, jobs, type ReplyOf, startJob } from '@thymus/contract';
import { notFound } from '../http/refusal.ts';
import { type Site, serve } from '../http/serve.ts';

export function routeJobs(site: Site): void {
  const { state, jobs: runner } = site.services;

  // what the runner stores is what the contract declares
  serve(site, jobs, async () => (await state.jobs()) as ReplyOf<typeof jobs>);

  serve(site, startJob, async ({ paths, case: caseName }, call) => {
    const request = { paths, ...(caseName === undefined ? {} : { case: caseName }) };
    const id = await runner.ingest(request, call.principal.username);
    await call.audit('job.start', String(id), `ingest ${paths.join(' ')}`.slice(0, 1000));
    return { id };
  });

  serve(site, cancelJob, async ({ id }, call) => {
    if (!(await runner.cancel(id))) throw notFound(`running job ${id}`);
    await call.audit('job.cancel', String(id));
    return { ok: true as const };
  });
}
