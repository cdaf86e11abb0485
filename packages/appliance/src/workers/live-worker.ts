/** Worker thread: live capture from one interface. */
import { parentPort, workerData } from 'node:worker_threads';
import { DurableLog } from '@thymus/store';
import { engineOptions } from '../config.ts';
import { captureToBus } from '../stages/live.ts';
import { failureOf } from './failure.ts';
import type { FromLiveWorker, LiveWorkerData } from './messages.ts';

const { folder, config, epoch } = workerData as LiveWorkerData;
const say = (message: FromLiveWorker) => parentPort!.postMessage(message);
const stop = new AbortController();
parentPort!.on('message', () => stop.abort());

try {
  const bus = new DurableLog(folder.bus);
  await captureToBus(bus, {
    interface: config.capture_interface,
    filter: config.capture_filter,
    engine: { ...engineOptions(config), updateEvery: 60_000 },
    epoch,
    now: Date.now,
    signal: stop.signal,
    onAppended: () => say({ type: 'appended' }),
    onStats: (stats) => say({ type: 'stats', stats }),
  });
  bus.close();
} catch (error) {
  const { code, message } = failureOf(error);
  say({ type: 'failed', code, message });
}
parentPort!.close();
