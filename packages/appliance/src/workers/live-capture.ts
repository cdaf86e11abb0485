/** The thread that captures live, started anew when it fails, ends or does not answer. */
import type { State } from '@thymus/store';
import type { LiveReport } from '../stages/live-report.ts';
import type { Crew } from './crew.ts';
import type { FromLiveWorker } from './messages.ts';
import type { Thread } from './thread.ts';

/** Told every few seconds what capture does. */
export type OnReport = (report: LiveReport) => void;

/** How long after its end the thread is started again, ms; doubled each time it ends before it was sound. */
const RETRY = 500;
const LONGEST_RETRY = 15_000;
/** A thread that ran so long was sound, ms. */
const SOUND_AFTER = 60_000;
/** A thread that said nothing for so long is stuck: it gives a sign every 5 s. */
const STUCK_AFTER = 20_000;

export class LiveCapture {
  readonly #crew: Crew;
  readonly #state: State;
  readonly #onAppended: () => void;
  readonly #onReport: OnReport;
  #thread: Thread<'stop', FromLiveWorker> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #watch: NodeJS.Timeout | undefined;
  #retry = RETRY;
  #isStopping = false;

  /** `onAppended` is called whenever the bus has more. */
  constructor(crew: Crew, state: State, onAppended: () => void, onReport: OnReport) {
    this.#crew = crew;
    this.#state = state;
    this.#onAppended = onAppended;
    this.#onReport = onReport;
  }

  /** Each start has a number of its own, so that batches can be counted from 1 again. */
  async start(): Promise<void> {
    const epoch = Number((await this.#state.setting('capture_epoch')) ?? 0) + 1;
    await this.#state.setSetting('capture_epoch', String(epoch));
    if (this.#isStopping) return;
    const began = Date.now();
    const thread = this.#crew.start<'stop', FromLiveWorker>('./live-worker.ts', { epoch }, 'capture');
    this.#thread = thread;
    this.#watchOver(thread);
    thread.on((message) => {
      this.#watchOver(thread);
      if (message.type === 'appended') this.#onAppended();
      else if (message.type === 'report') this.#onReport(message.report);
      else if (message.type !== 'beat') this.#crew.onFault('capture', message.code, message.message);
    });
    void thread.ended.then(() => this.#startAgain(Date.now() - began));
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#watch);
    this.#thread?.say('stop');
    await this.#thread?.ended;
  }

  /** The disk may have room again, the fault may have been one packet's. */
  #startAgain(ran: number): void {
    clearTimeout(this.#watch);
    if (this.#isStopping) return;
    if (ran > SOUND_AFTER) this.#retry = RETRY;
    this.#timer = setTimeout(() => void this.start(), this.#retry);
    this.#retry = Math.min(LONGEST_RETRY, this.#retry * 2);
  }

  #watchOver(thread: Thread<'stop', FromLiveWorker>): void {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => {
      this.#crew.onFault('capture', 'CAPTURE_FAILED', 'Live capture did not answer and is started again.');
      thread.kill();
    }, STUCK_AFTER);
  }
}
