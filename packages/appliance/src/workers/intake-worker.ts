/** Worker thread: one import. */
import { parentPort, workerData } from 'node:worker_threads';
import { DurableLog } from '@thymus/store';
import { engineOptions } from '../config.ts';
import { importFiles } from '../stages/intake.ts';
import { failureOf } from './failure.ts';
import type { FromIntakeWorker, IntakeWorkerData } from './messages.ts';

const { folder, config, paths, caseName } = workerData as IntakeWorkerData;
const say = (message: FromIntakeWorker) => parentPort!.postMessage(message);
const cancel = new AbortController();
parentPort!.on('message', () => cancel.abort());

try {
  const bus = new DurableLog(folder.bus);
  const summary = await importFiles(paths, bus, {
    ...(caseName === undefined ? {} : { caseName }),
    engine: engineOptions(config),
    now: Date.now,
    signal: cancel.signal,
    onProgress: (progress) => say({ type: 'progress', progress }),
    onAppended: () => say({ type: 'appended' }),
  });
  bus.close();
  say({ type: 'done', summary });
} catch (error) {
  const { code, message } = failureOf(error);
  say({ type: 'failed', code, message });
}
parentPort!.close();
