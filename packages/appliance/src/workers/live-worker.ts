/** Worker thread: live capture from interfaces and mirrors. */
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { DurableLog } from '@thymus/store';
import { captureInterfaces, engineOptions, excludedRanges, parseListen } from '../config.ts';
import { captureToBus } from '../stages/live.ts';
import { failureOf } from './failure.ts';
import type { FromLiveWorker, LiveWorkerData } from './messages.ts';

const MB = 1_000_000;
const KB = 1000;

const { folder, config, epoch } = workerData as LiveWorkerData;
const say = (message: FromLiveWorker) => parentPort!.postMessage(message);
const stop = new AbortController();
parentPort!.on('message', () => stop.abort());

const ring = {
  folder: join(folder.path, 'packets'),
  bytes: config.packet_ring_mb * MB,
  flowBytes: config.packet_ring_encrypted_kb * KB,
};

try {
  const bus = new DurableLog(folder.bus);
  await captureToBus(bus, {
    interfaces: captureInterfaces(config),
    mirrors: config.mirror_listen.map((listen) => parseListen(listen)),
    filter: config.capture_filter,
    exclude: excludedRanges(config),
    ...(config.deduplicate === 'auto' ? {} : { deduplicate: config.deduplicate === 'always' }),
    ...(config.packet_ring_mb > 0 ? { ring } : {}),
    engine: { ...engineOptions(config), updateEvery: 60_000 },
    epoch,
    now: Date.now,
    signal: stop.signal,
    onAppended: () => say({ type: 'appended' }),
    onFault: ({ code, message }) => say({ type: 'fault', code, message }),
    onReport: (report) => say({ type: 'report', report }),
  });
  bus.close();
} catch (error) {
  const { code, message } = failureOf(error);
  say({ type: 'failed', code, message });
}
parentPort!.close();
