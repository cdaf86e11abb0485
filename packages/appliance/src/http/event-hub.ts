/** The live stream's source: numbers events, keeps the last ones for those who come back, hands them to listeners. */
import type { eventData, Topic } from '@thymus/contract';
import type { Static } from 'typebox';

export type EventData = { [T in Topic]: Static<(typeof eventData)[T]> };

export interface LiveEvent {
  /** Of this start of the server, from 1. */
  id: number;
  topic: Topic;
  /** JSON. */
  data: string;
}

type Listener = (event: LiveEvent) => void;

/** More than a busy minute brings; who was away longer reads the lists again. */
const KEPT = 1000;

export class EventHub {
  /** Tells ids of this start from those of an earlier one. */
  readonly epoch: string;
  readonly #recent: LiveEvent[] = [];
  readonly #listeners = new Set<Listener>();
  readonly #closers = new Set<() => void>();
  #next = 1;

  constructor(epoch: string) {
    this.epoch = epoch;
  }

  publish<T extends Topic>(topic: T, data: EventData[T]): void {
    const event = { id: this.#next++, topic, data: JSON.stringify(data) };
    this.#recent.push(event);
    if (this.#recent.length > KEPT) this.#recent.shift();
    for (const listener of this.#listeners) listener(event);
  }

  /**
   * Events after `lastId`, as the browser sends it back; undefined if some of them are gone, or the server was started
   * anew.
   */
  since(lastId: string): LiveEvent[] | undefined {
    const [epoch, number] = lastId.split('-');
    const last = Number(number);
    if (epoch !== this.epoch || !Number.isInteger(last) || last >= this.#next) return undefined;
    const oldest = this.#recent[0]?.id ?? this.#next;
    return last < oldest - 1 ? undefined : this.#recent.filter(({ id }) => id > last);
  }

  /** The id to send with an event. */
  idOf(event: LiveEvent): string {
    return `${this.epoch}-${event.id}`;
  }

  /** The id of the last event, for streams that begin now. */
  get lastId(): string {
    return `${this.epoch}-${this.#next - 1}`;
  }

  /** Calls `onEvent` for what comes, and `onClose` when the server ends; returns how to stop. */
  subscribe(onEvent: Listener, onClose: () => void): () => void {
    this.#listeners.add(onEvent);
    this.#closers.add(onClose);
    return () => {
      this.#listeners.delete(onEvent);
      this.#closers.delete(onClose);
    };
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  /** Ends all streams. */
  close(): void {
    for (const close of [...this.#closers]) close();
  }
}
