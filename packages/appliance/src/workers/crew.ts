/** Starts worker threads that know the data folder and the configuration. */
import type { DataFolder } from '@thymus/store';
import type { ApplianceConfig } from '../config.ts';
import type { WorkerFolder } from './messages.ts';
import { Thread } from './thread.ts';

/** A part of the pipeline that works on its own and can fail on its own. */
export type Part = 'learn' | 'capture';

/** Told that a part does not work; the message is for people. */
export type OnFault = (part: Part, code: string, message: string) => void;

export class Crew {
  readonly #folder: WorkerFolder;
  readonly #config: ApplianceConfig;
  readonly onFault: OnFault;

  constructor({ path, file }: DataFolder, config: ApplianceConfig, onFault: OnFault) {
    this.#config = config;
    this.onFault = onFault;
    this.#folder = {
      path,
      bus: file('bus.sqlite'),
      state: file('state.sqlite'),
      key: file('secret.key'),
      lakeSocket: file('lake.sock'),
      truth: file('truth.json'),
    };
  }

  /** Starts `script` of this folder. What it does not catch is a fault of `part`, where it works for one. */
  start<In, Out>(script: string, extra: object, part?: Part): Thread<In, Out> {
    const data = { folder: this.#folder, config: this.#config, ...extra };
    return new Thread<In, Out>(script, data, (error) => {
      if (part) this.onFault(part, 'INTERNAL', error.message);
    });
  }
}
