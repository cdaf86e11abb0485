/** The live stream of the appliance: one connection per tab, polling when it fails, asleep while the tab is hidden. */
import type { eventData, events, ReplyOf } from '@thymus/contract';

export type LiveState = 'live' | 'polling' | 'paused' | 'off';
type DataOf<N extends keyof typeof eventData> = ReplyOf<
  Omit<typeof events, 'reply'> & { reply: (typeof eventData)[N] }
>;
export type BreachEvent = DataOf<'breach'>;
export type StatusEvent = DataOf<'status'>;
export type JobEvent = DataOf<'progress'>;

/** What of `EventSource` is used. */
export interface Stream {
  onopen: (() => void) | null;
  onerror: (() => void) | null;
  addEventListener(type: string, listener: (event: { readonly data?: unknown }) => void): void;
  close(): void;
}

export interface LiveWorld {
  open(url: string): Stream;
  /** Runs once after `ms`; the answer calls it off. */
  wait(run: () => void, ms: number): () => void;
}

export interface LiveListener {
  onBreach(event: BreachEvent): void;
  onStatus(event: StatusEvent): void;
  onJob(event: JobEvent): void;
  /** Events were lost, or the stream fails and it is time to ask again. */
  onStale(): void;
  onState(state: LiveState): void;
}

const FAILURES_UNTIL_POLLING = 3;
const POLL_EVERY = 15_000;
const HIDDEN_UNTIL_PAUSE = 60_000;

function parse<T>(data: unknown): T | undefined {
  try {
    return JSON.parse(String(data)) as T;
  } catch {
    return undefined;
  }
}

export class Live {
  readonly #world: LiveWorld;
  readonly #listener: LiveListener;
  #stream: Stream | undefined;
  #failures = 0;
  #cancel: () => void = () => {};

  constructor(world: LiveWorld, listener: LiveListener) {
    this.#world = world;
    this.#listener = listener;
  }

  start(): void {
    this.#stop();
    const stream = this.#world.open('/ui/events?topics=breach,progress,status');
    this.#stream = stream;
    stream.onopen = () => {
      const wasDown = this.#failures > 0;
      this.#failures = 0;
      this.#listener.onState('live');
      if (wasDown) this.#listener.onStale();
    };
    stream.onerror = () => this.#failed();
    stream.addEventListener('breach', ({ data }) => {
      const event = parse<BreachEvent>(data);
      if (event) this.#listener.onBreach(event);
    });
    stream.addEventListener('status', ({ data }) => {
      const event = parse<StatusEvent>(data);
      if (event) this.#listener.onStatus(event);
    });
    stream.addEventListener('progress', ({ data }) => {
      const event = parse<JobEvent>(data);
      if (event) this.#listener.onJob(event);
    });
    stream.addEventListener('reset', () => this.#listener.onStale());
  }

  /** The tab went out of sight or came back. */
  visible(isVisible: boolean): void {
    if (!isVisible) {
      this.#cancel();
      this.#cancel = this.#world.wait(() => this.#pause(), HIDDEN_UNTIL_PAUSE);
    } else if (this.#stream) {
      this.#cancel();
    } else {
      this.start();
      this.#listener.onStale();
    }
  }

  stop(): void {
    this.#stop();
    this.#listener.onState('off');
  }

  #pause(): void {
    this.#stop();
    this.#listener.onState('paused');
  }

  #stop(): void {
    this.#cancel();
    this.#stream?.close();
    this.#stream = undefined;
  }

  /** EventSource tries again by itself; after three failures it is closed and lists are polled between new tries. */
  #failed(): void {
    if (++this.#failures < FAILURES_UNTIL_POLLING) return;
    this.#stop();
    this.#listener.onState('polling');
    this.#cancel = this.#world.wait(() => {
      this.#listener.onStale();
      this.start();
    }, POLL_EVERY);
  }
}
