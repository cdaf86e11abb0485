/** What a data folder keeps: the bus, the lake of events, the state of devices, breaches and users. */
import type { Logger } from '@thymus/core/node';
import { MODELS } from '@thymus/detect';
import { type Lake, openLake } from '@thymus/lake';
import { type DataFolder, DurableLog, State } from '@thymus/store';

export interface Stores {
  readonly bus: DurableLog;
  readonly lake: Lake;
  readonly state: State;
  /** Rows in the bus that are not learned yet. */
  backlog(): Promise<number>;
  readonly close: () => Promise<void>;
}

/** Opens the stores of a folder and makes the models known to its state. */
export async function openStores(folder: DataFolder, log: Logger): Promise<Stores> {
  const bus = new DurableLog(folder.file('bus.sqlite'));
  const state = await State.open(folder.file('state.sqlite'), folder.file('secret.key'));
  await state.models.register(MODELS, Date.now());
  const lake = await openLake({ dir: folder.path, log });
  const backlog = async () => bus.pending(((await state.checkpoint('detection'))?.position ?? 0) + 1);
  const close = async () => {
    await lake.close();
    await state.close();
    bus.close();
  };
  return { bus, lake, state, backlog, close };
}
