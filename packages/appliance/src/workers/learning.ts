/** The thread that takes up what the bus has: woken by sources, waited for by imports, ended with all it was given. */
import { ThymusError } from '@thymus/core';
import type { Learned } from '../stages/learn.ts';
import type { Crew } from './crew.ts';
import { errorOf } from './failure.ts';
import type { FromLearnWorker, ToLearnWorker } from './messages.ts';
import type { Thread } from './thread.ts';

/** Told when a batch is stored. */
export type OnLearned = (learned: Learned) => void;

export class Learning {
  readonly #thread: Thread<ToLearnWorker, FromLearnWorker>;

  private constructor(thread: Thread<ToLearnWorker, FromLearnWorker>) {
    this.#thread = thread;
  }

  /** Resolves when the thread can be woken; where it cannot start, closes what was opened for it and rejects. */
  static async start(crew: Crew, onLearned: OnLearned, close: () => Promise<void>): Promise<Learning> {
    const thread = crew.start<ToLearnWorker, FromLearnWorker>('./learn-worker.ts', {}, 'learn');
    thread.on((message) => {
      if (message.type === 'learned') onLearned(message.learned);
      if (message.type === 'failed') crew.onFault('learn', message.code, message.message);
    });
    try {
      await thread.until(({ type }) => type === 'ready');
    } catch (error) {
      await close();
      throw error;
    }
    return new Learning(thread);
  }

  /** The bus has more. */
  readonly wake = (): void => this.#thread.say('wake');

  /** Resolves when everything up to `position` of the bus is learned and stored. Rejects with DISK_FULL. */
  async reached(position: number): Promise<void> {
    const last = this.#thread.until((message) =>
      message.type === 'failed'
        ? message.code === 'DISK_FULL'
        : message.type === 'idle' && message.position >= position,
    );
    this.wake();
    const said = await last;
    // What is in the bus waits there until there is room.
    if (said.type === 'failed') throw new ThymusError('DISK_FULL', said.message);
  }

  /** Ends the thread once it kept what it learned; gives what kept it from that. */
  async end(): Promise<ThymusError | undefined> {
    let fault: ThymusError | undefined;
    this.#thread.on((message) => {
      if (message.type === 'failed') fault = errorOf(message);
    });
    this.#thread.say('close');
    await this.#thread.ended;
    return fault;
  }
}
