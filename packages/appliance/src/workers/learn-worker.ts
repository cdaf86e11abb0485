/** Worker thread: takes up what the bus has, whenever it is woken. */
import { parentPort, workerData } from 'node:worker_threads';
import { MODELS } from '@thymus/detect';
import { connectLake } from '@thymus/lake';
import { DurableLog, State } from '@thymus/store';
import { networkScope } from '../config.ts';
import { loadReference } from '../reference.ts';
import { Learner } from '../stages/learn.ts';
import { failureOf } from './failure.ts';
import type { FromLearnWorker, LearnWorkerData, ToLearnWorker } from './messages.ts';

/** How long a quiet learner waits before it keeps a snapshot. */
const SNAPSHOT_AFTER = 10_000;
/** How long it waits after a failure before it tries again; the bus keeps everything meanwhile. */
const RETRY_AFTER = 5_000;

const { folder, config } = workerData as LearnWorkerData;
const say = (message: FromLearnWorker) => parentPort!.postMessage(message);

const bus = new DurableLog(folder.bus);
const state = await State.open(folder.state, folder.key);
const lake = await connectLake({ socketPath: folder.lakeSocket });
const reference = await loadReference(folder.path);
const learner = await Learner.open({
  bus,
  state,
  lake,
  options: { scope: networkScope(config), reference, models: MODELS, timeZone: config.time_zone },
  now: Date.now,
});
const stop = new AbortController();
let running: Promise<void> = Promise.resolve();
let timer: NodeJS.Timeout | undefined;
say({ type: 'ready' });

function work(): Promise<void> {
  clearTimeout(timer);
  return learner
    .drain((learned) => say({ type: 'learned', learned }), stop.signal)
    .then(
      () => {
        say({ type: 'idle', position: learner.position });
        if (!stop.signal.aborted) timer = setTimeout(wake, SNAPSHOT_AFTER, 'snapshot');
      },
      (error: unknown) => {
        const { code, message } = failureOf(error);
        say({ type: 'failed', code, message });
        if (!stop.signal.aborted) timer = setTimeout(wake, RETRY_AFTER, 'work');
      },
    );
}

/** Work is done one piece after the other. */
function wake(what: 'work' | 'snapshot'): void {
  running = running.then(what === 'work' ? work : () => learner.snapshot());
}

parentPort!.on('message', async (message: ToLearnWorker) => {
  if (message === 'wake') return wake('work');
  stop.abort();
  clearTimeout(timer);
  await running;
  await learner.snapshot().catch((error: unknown) => say({ type: 'failed', ...failureOf(error) }));
  await lake.close();
  await state.close();
  bus.close();
  parentPort!.close();
});
