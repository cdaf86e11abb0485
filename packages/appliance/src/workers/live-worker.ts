/** Worker thread: whatever comes live: interfaces, mirrors, flow records, logs that grow. */
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { DurableLog } from '@thymus/store';
import { captureInterfaces, capturesPackets, engineOptions, excludedRanges, parseListen } from '../config.ts';
import { type FeedOptions, flowsToBus, followToBus } from '../stages/feeds.ts';
import { captureToBus } from '../stages/live.ts';
import { failureOf } from './failure.ts';
import type { FromLiveWorker, LiveWorkerData } from './messages.ts';

const MB = 1_000_000;
const KB = 1000;

const { folder, config, epoch } = workerData as LiveWorkerData;
const say = (message: FromLiveWorker) => parentPort!.postMessage(message);
const stop = new AbortController();
parentPort!.on('message', () => stop.abort());

/** A thread that says nothing is taken to be stuck. */
const BEAT = 5000;
const beat = setInterval(() => say({ type: 'beat' }), BEAT);

try {
  const bus = new DurableLog(folder.bus);
  const common = { now: Date.now, signal: stop.signal, onAppended: () => say({ type: 'appended' }) };
  const parts: Promise<void>[] = config.netflow_listen.map((listen) =>
    flowsToBus(bus, parseListen(listen), epoch, common),
  );
  if (config.follow_logs.length > 0)
    parts.push(followToBus(bus, config.follow_logs, join(folder.path, 'followed.json'), common));
  if (capturesPackets(config)) parts.push(capture(bus, common));
  await Promise.all(parts);
  bus.close();
} catch (error) {
  const { code, message } = failureOf(error);
  say({ type: 'failed', code, message });
}
clearInterval(beat);
parentPort!.close();

function capture(bus: DurableLog, common: FeedOptions): Promise<void> {
  const { deduplicate, packet_ring_mb, packet_ring_encrypted_kb } = config;
  const ring = {
    folder: join(folder.path, 'packets'),
    bytes: packet_ring_mb * MB,
    flowBytes: packet_ring_encrypted_kb * KB,
  };
  return captureToBus(bus, {
    ...common,
    interfaces: captureInterfaces(config),
    mirrors: config.mirror_listen.map((listen) => parseListen(listen)),
    filter: config.capture_filter,
    exclude: excludedRanges(config),
    ...(deduplicate === 'auto' ? {} : { deduplicate: deduplicate === 'always' }),
    ...(packet_ring_mb > 0 ? { ring } : {}),
    engine: { ...engineOptions(config), updateEvery: 60_000 },
    epoch,
    onFault: ({ code, message }) => say({ type: 'fault', code, message }),
    onReport: (report) => say({ type: 'report', report }),
  });
}
