/** The thread that captures from an interface, started anew when the capture fails. */
import type { State } from '@thymus/store';
import type { Crew } from './crew.ts';
import type { FromLiveWorker } from './messages.ts';
import type { Thread } from './thread.ts';

/** How long after a failure capture is tried again, ms. */
const RETRY = 15_000;

export class LiveCapture {
  readonly #crew: Crew;
  readonly #state: State;
  readonly #onAppended: () => void;
  #thread: Thread<'stop', FromLiveWorker> | undefined;
  #retry: NodeJS.Timeout | undefined;

  /** `onAppended` is called whenever the bus has more. */
  constructor(crew: Crew, state: State, onAppended: () => void) {
    this.#crew = crew;
    this.#state = state;
    this.#onAppended = onAppended;
  }

  /** Each start has a number of its own, so that batches can be counted from 1 again. */
  async start(): Promise<void> {
    const epoch = Number((await this.#state.setting('capture_epoch')) ?? 0) + 1;
    await this.#state.setSetting('capture_epoch', String(epoch));
    this.#thread = this.#crew.start<'stop', FromLiveWorker>('./live-worker.ts', { epoch }, 'capture');
    this.#thread.on((message) => {
      if (message.type === 'appended') this.#onAppended();
      if (message.type !== 'failed') return;
      this.#crew.onFault('capture', message.code, message.message);
      // The interface may come back: a cable, a restarted driver.
      this.#retry = setTimeout(() => void this.start(), RETRY);
    });
  }

  async stop(): Promise<void> {
    clearTimeout(this.#retry);
    this.#thread?.say('stop');
    await this.#thread?.ended;
  }
}
