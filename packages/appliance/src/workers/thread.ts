/** Worker threads with typed messages. */
import { EventEmitter } from 'node:events';
import { Worker } from 'node:worker_threads';

/** A worker thread that takes `In` and says `Out`. */
export class Thread<In, Out> {
  readonly #worker: Worker;
  readonly #messages = new EventEmitter<{ message: [Out] }>();
  readonly ended: Promise<void>;
  #error: Error | undefined;

  /** `script` is relative to this folder; `onError` gets what the thread did not catch. */
  constructor(script: string, workerData: unknown, onError: (error: Error) => void) {
    this.#worker = new Worker(new URL(script, import.meta.url), { workerData });
    this.#worker.on('message', (message: Out) => this.#messages.emit('message', message));
    this.#worker.on('error', (error: Error) => {
      this.#error = error;
      onError(error);
    });
    this.ended = new Promise((done) => this.#worker.once('exit', () => done()));
  }

  on(listener: (message: Out) => void): this {
    this.#messages.on('message', listener);
    return this;
  }

  say(message: In): void {
    this.#worker.postMessage(message);
  }

  /** Ends the thread wherever it is. */
  kill(): void {
    void this.#worker.terminate();
  }

  /** The first message that fits; rejects when the thread ends before, with what ended it. */
  async until(fits: (message: Out) => boolean): Promise<Out> {
    return new Promise((resolve, reject) => {
      const listener = (message: Out) => {
        if (!fits(message)) return;
        this.#messages.off('message', listener);
        resolve(message);
      };
      this.#messages.on('message', listener);
      this.ended.then(() => reject(this.#error ?? new Error('the worker thread ended')));
    });
  }
}
