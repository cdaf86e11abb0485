/** The demo estate: simulated once, in a data folder of its own, ending now. */
import type { State } from '@thymus/store';
import type { Jobs } from './jobs.ts';
import type { Pipeline } from './pipeline.ts';
import type { SimulateProgress, SimulateRequest } from './workers/imports.ts';

export interface DemoOptions {
  seed?: number | undefined;
  devices?: number | undefined;
  days?: number | undefined;
}

const HOUR = 3_600_000;
const SETTING = 'demo';

/** What an estate of this folder is, or is to be: kept at the first start, so that an interrupted load goes on. */
async function requestFor(
  state: State,
  options: DemoOptions,
): Promise<SimulateRequest & { isLoaded?: boolean }> {
  const kept = await state.setting(SETTING);
  if (kept !== undefined) return JSON.parse(kept) as SimulateRequest & { isLoaded?: boolean };
  const end = Math.floor(Date.now() / HOUR) * HOUR;
  const request = { seed: options.seed ?? 1, devices: options.devices ?? 60, days: options.days ?? 14, end };
  await state.setSetting(SETTING, JSON.stringify(request));
  return request;
}

/** Loads the estate if it is not there yet; resolves when it has been learned. */
export async function loadDemo(
  pipeline: Pipeline,
  jobs: Jobs,
  options: DemoOptions,
  onProgress: (progress: SimulateProgress) => void,
): Promise<void> {
  const { isLoaded, ...request } = await requestFor(pipeline.stores.state, options);
  if (isLoaded) return;
  await jobs.follow('demo', request, async (tell) => {
    let last = { done: 0, total: 1, records: 0 };
    await pipeline.simulate(request, (progress) => {
      const { done, total, records } = progress;
      last = { done, total, records };
      tell(last);
      onProgress(progress);
    });
    // everything is made; the rest of the time goes into learning
    tell({ ...last, done: last.total });
    await pipeline.settled();
  });
  await pipeline.stores.state.setSetting(SETTING, JSON.stringify({ ...request, isLoaded: true }));
}
