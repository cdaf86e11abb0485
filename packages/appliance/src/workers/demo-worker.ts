/** Worker thread: simulates the demo estate into the bus and writes its truth beside it. */
import { writeFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { demoEstate } from '@thymus/simulate';
import { DurableLog } from '@thymus/store';
import { recordsToBus } from '../stages/simulate.ts';
import { failureOf } from './failure.ts';
import type { DemoWorkerData, FromDemoWorker } from './messages.ts';

const { folder, ...request } = workerData as DemoWorkerData;
const say = (message: FromDemoWorker) => parentPort!.postMessage(message);

try {
  const { records, truth } = demoEstate(request);
  writeFileSync(folder.truth, `${JSON.stringify(truth, null, 2)}\n`);
  const bus = new DurableLog(folder.bus);
  const start = request.end - request.days * 86_400_000;
  const count = recordsToBus(records, bus, {
    source: `demo-${request.seed}`,
    now: Date.now,
    onAppended: (written, ts) => {
      say({ type: 'appended' });
      say({ type: 'progress', done: Math.max(0, ts - start), total: request.end - start, records: written });
    },
  });
  bus.close();
  say({ type: 'done', records: count });
} catch (error) {
  const { code, message } = failureOf(error);
  say({ type: 'failed', code, message });
}
parentPort!.close();
