/**
 * Finds the protocol of a connection by what it says, and feeds its dissector. Ports only order the probing. A
 * connection whose protocol stays unknown, or whose dissector is done, costs nothing more than its counters.
 */
import type { Dissector, Session } from '../dissector.ts';
import type { Identity } from '../flows/identity.ts';
import { FLOW_SHIFT, PROBED, STAGE } from '../flows/layout.ts';
import type { FlowTable } from '../flows/table.ts';
import { Application, type ApplicationHost, type Proto } from './application.ts';
import { Candidates } from './candidates.ts';
import { Expectations } from './expected.ts';
import { type Pending, PendingPool } from './pending.ts';

/** Stages of a flow: nothing known yet, an application object exists, only to be counted. */
const FRESH = 0;
const ATTACHED = 1;
const COUNTED = 2;

/**
 * Chunks of a stream, or datagrams, that are probed before the protocol counts as unknown. Most say who they are in the
 * first; what begins later within another protocol (STARTTLS) is handed over by that one.
 */
const MOST_CHUNKS = 6;
/** What is kept of both directions until the protocol is known. */
const MOST_EARLY_CHUNKS = 6;
const MOST_EARLY_BYTES = 4_096;
/** Past this, a violation does not take back a confirmed service (as Zeek has it). */
const FIRM_AFTER = 10_240;

export class Applications {
  /** Sessions that were ended because a message did not fit. */
  oversized = 0;
  /** Sessions opened. */
  opened = 0;
  readonly #table: FlowTable;
  readonly #host: ApplicationHost;
  readonly #candidates: Candidates;
  readonly #apps: (Application | undefined)[];
  readonly #messageBytes: number;
  readonly #pool = new PendingPool();
  readonly #expected = new Expectations();
  #ts = 0;
  #faults = 0;

  constructor(
    table: FlowTable,
    host: Omit<ApplicationHost, 'expect'>,
    dissectors: readonly Dissector[],
    messageBytes: number,
  ) {
    this.#table = table;
    this.#host = { ...host, expect: (expected) => this.#expected.add(expected, this.#ts) };
    this.#candidates = new Candidates(dissectors);
    this.#messageBytes = messageBytes;
    this.#apps = new Array<Application | undefined>(table.capacity);
  }

  /** Throws of dissectors: faults of ours. */
  get faults(): number {
    return this.#faults + this.#candidates.faults;
  }

  /** Time of the packet that is being read. */
  set ts(ts: number) {
    this.#ts = ts;
  }

  /** Who a flow is, where that was asked before. */
  identityOf(flow: number): Identity | undefined {
    return this.#apps[flow]?.id;
  }

  /** Services of a connection, comma separated, or undefined. */
  services(flow: number): string | undefined {
    const app = this.#apps[flow];
    if (!app || app.services.length === 0) return undefined;
    return app.services.length === 1 ? app.services[0] : app.services.join(',');
  }

  /** Adds a service that needs no dissector (a tunnel). */
  confirm(flow: number, service: string): void {
    const isCounted = this.#table.words[(flow << FLOW_SHIFT) + STAGE] === COUNTED;
    this.#applicationOf(flow, 'udp').confirm(service);
    if (isCounted) this.#count(flow);
  }

  /** Bytes of one direction of a TCP stream, in order. */
  stream(flow: number, fromOriginator: boolean, bytes: Uint8Array, from: number, to: number): void {
    const stage = this.#table.words[(flow << FLOW_SHIFT) + STAGE]!;
    if (stage === COUNTED) return;
    const view = bytes.subarray(from, to);
    const app = this.#apps[flow];
    if (!app?.session) {
      this.#detect(flow, 'tcp', fromOriginator, view);
      return;
    }
    app.ts = this.#ts;
    this.#feed(app, fromOriginator, view);
  }

  /** The payload of one datagram. */
  datagram(
    flow: number,
    proto: Proto,
    fromOriginator: boolean,
    bytes: Uint8Array,
    from: number,
    to: number,
  ): void {
    const stage = this.#table.words[(flow << FLOW_SHIFT) + STAGE]!;
    if (stage === COUNTED) return;
    const view = bytes.subarray(from, to);
    const app = this.#apps[flow];
    if (!app?.session) {
      this.#detect(flow, proto, fromOriginator, view);
      return;
    }
    app.ts = this.#ts;
    this.#feed(app, fromOriginator, view);
  }

  /** Bytes of a stream that were never seen. */
  gap(flow: number, fromOriginator: boolean, length: number): void {
    const app = this.#apps[flow];
    if (!app) return;
    app.early = undefined;
    const { session } = app;
    if (!session || app.isDone) return;
    app.ts = this.#ts;
    app.left[fromOriginator ? 0 : 1] = undefined;
    if (!session.gap) {
      this.#release(app);
      return;
    }
    this.#guard(app, () => session.gap!(length, fromOriginator));
    this.#settle(app);
  }

  /** A direction was closed. */
  end(flow: number, fromOriginator: boolean): void {
    const app = this.#apps[flow];
    if (!app?.session || app.isDone) return;
    app.ts = this.#ts;
    const left = app.left[fromOriginator ? 0 : 1];
    if (left?.isHeldBack) {
      left.note();
      this.#show(app, app.session, fromOriginator, left);
      if (!app.session || app.isDone) return;
    }
    this.#guard(app, () => app.session?.end?.(fromOriginator));
    this.#settle(app);
  }

  /** The connection is over. */
  close(flow: number): void {
    const app = this.#apps[flow];
    if (!app) return;
    app.ts = this.#ts;
    if (app.session) this.#closeSession(app);
  }

  /** Lets dissectors tell what has waited too long; `Infinity` at the end. */
  expire(now: number): void {
    this.#candidates.expire(now);
  }

  /** Forgets a flow that is over. */
  drop(flow: number): void {
    this.#apps[flow] = undefined;
  }

  /** The ends of a flow were turned around. */
  turn(flow: number): void {
    this.#apps[flow]?.turn();
  }

  #applicationOf(flow: number, proto: Proto): Application {
    const known = this.#apps[flow];
    if (known) return known;
    const made = new Application(this.#host, flow, proto, this.#ts);
    this.#apps[flow] = made;
    this.#table.words[(flow << FLOW_SHIFT) + STAGE] = ATTACHED;
    return made;
  }

  /** Stops feeding a flow; its services stay known. */
  #count(flow: number): void {
    this.#table.words[(flow << FLOW_SHIFT) + STAGE] = COUNTED;
  }

  /** Asks who knows this chunk; keeps it for later if nobody does yet. */
  #detect(flow: number, proto: Proto, fromOriginator: boolean, view: Uint8Array): void {
    const w = this.#table.words;
    const probedAt = (flow << FLOW_SHIFT) + PROBED;
    const known = this.#apps[flow];
    if (known) known.ts = this.#ts;
    const port = this.#destPort(flow);
    const mayBeExpected = !known && this.#expected.hasPort(port);
    if (mayBeExpected && this.#isExpected(flow, proto, fromOriginator, view)) return;
    const side = fromOriginator ? 1 : 2;
    const before = known && (known.undecided & side) !== 0 ? earlyOf(known, fromOriginator) : undefined;
    const opening = before ? join(before, view) : view;
    let dissector = this.#candidates.best(proto, port, opening, fromOriginator, known?.refused);
    let isOpening = before !== undefined || w[probedAt] === 0 || isFirstOf(known, fromOriginator);
    const isUndecided = this.#candidates.isUndecided;
    if (!dissector && before) {
      isOpening = false;
      dissector = this.#candidates.best(proto, port, view, fromOriginator, known?.refused);
    }
    if (dissector) {
      this.#attach(this.#applicationOf(flow, proto), dissector, fromOriginator, view, isOpening);
      return;
    }
    w[probedAt] = w[probedAt]! + 1;
    if (w[probedAt]! >= MOST_CHUNKS) {
      if (known) known.early = undefined;
      this.#count(flow);
    } else if (proto === 'tcp') {
      const app = this.#applicationOf(flow, proto);
      app.undecided = isUndecided ? app.undecided | side : app.undecided & ~side;
      this.#keepEarly(app, fromOriginator, view);
    }
  }

  /** Opens the dissector that another connection announced for this one; false if none did. */
  #isExpected(flow: number, proto: Proto, fromOriginator: boolean, view: Uint8Array): boolean {
    const { source_ip, dest_ip, dest_port } = this.#host.identify(flow);
    const expected = this.#expected.take(proto, source_ip, dest_ip, dest_port, this.#ts);
    const dissector = expected && this.#candidates.named(expected.dissector);
    if (!dissector) return false;
    const app = this.#applicationOf(flow, proto);
    app.context = expected.context;
    this.#attach(app, dissector, fromOriginator, view, true);
    return true;
  }

  #destPort(flow: number): number {
    return this.#table.words[(flow << FLOW_SHIFT) + 8]! & 0xffff;
  }

  #keepEarly(app: Application, fromOriginator: boolean, view: Uint8Array): void {
    if (app.earlyBytes > MOST_EARLY_BYTES) return;
    app.early ??= [];
    app.earlyBytes += view.length;
    if (app.earlyBytes > MOST_EARLY_BYTES || app.early.length >= MOST_EARLY_CHUNKS) {
      app.early = undefined;
      app.earlyBytes = MOST_EARLY_BYTES + 1;
    } else app.early.push({ bytes: view.slice(), fromOriginator });
  }

  /** Opens a session and gives it what came before; tries the next best one if it refuses. */
  #attach(
    app: Application,
    first: Dissector,
    fromOriginator: boolean,
    view: Uint8Array,
    isOpening: boolean,
  ): void {
    const early = isOpening ? (app.early ?? []) : [];
    app.early = undefined;
    let dissector: Dissector | undefined = first;
    while (dissector) {
      if (!this.#open(app, dissector)) return;
      for (const chunk of early) if (app.session) this.#feed(app, chunk.fromOriginator, chunk.bytes);
      if (app.session) this.#feed(app, fromOriginator, view);
      const wasRefused: boolean = app.refused?.includes(dissector) ?? false;
      if (!wasRefused) return;
      dissector = this.#candidates.best(app.proto, app.dest_port, view, fromOriginator, app.refused);
    }
    this.#count(app.flow);
  }

  #open(app: Application, dissector: Dissector): boolean {
    app.dissector = dissector;
    app.isConfirmed = false;
    app.isDone = false;
    app.handsTo = undefined;
    this.#table.words[(app.flow << FLOW_SHIFT) + STAGE] = ATTACHED;
    try {
      app.session = dissector.open(app);
    } catch {
      this.#faults++;
      this.#count(app.flow);
      return false;
    }
    this.opened++;
    return true;
  }

  /** Feeds a session and keeps what it wants to see again. */
  #feed(app: Application, fromOriginator: boolean, view: Uint8Array): void {
    const { session } = app;
    if (!session || app.isDone) return;
    const index = fromOriginator ? 0 : 1;
    const left = app.left[index];
    if (left) {
      left.append(view);
      if (app.proto === 'tcp' && left.length <= this.#messageBytes && !left.isDue) return;
      left.note();
    }
    this.#show(app, session, fromOriginator, left, view);
  }

  /** Shows a session what waits, or else the bytes that came. */
  #show(
    app: Application,
    session: Session,
    fromOriginator: boolean,
    left: Pending | undefined,
    view: Uint8Array = NOTHING,
  ): void {
    const bytes = left ? left.view : view;
    const index = fromOriginator ? 0 : 1;
    const { turns } = app;
    let consumed: number;
    try {
      consumed = session.feed(bytes, fromOriginator);
    } catch {
      this.#faults++;
      consumed = -1;
    }
    if (!(consumed >= 0)) {
      this.#refuse(app, session);
      return;
    }
    if (app.proto === 'tcp') {
      // If the session turned the connection around, these bytes belong to the other side now.
      const side = app.turns === turns ? index : 1 - index;
      const rest = bytes.length - consumed;
      if (rest <= 0) {
        app.left[side] = undefined;
        if (left) this.#pool.give(left);
      } else if (left) left.consume(consumed);
      else app.left[side] = this.#pool.take(bytes.subarray(consumed));
      if (rest > this.#messageBytes) {
        this.oversized++;
        this.#release(app);
        return;
      }
    }
    if (app.handsTo !== undefined) {
      // A datagram that was not taken is the first of what follows.
      if (app.proto !== 'tcp' && consumed < bytes.length)
        app.left[index] = this.#pool.take(bytes.subarray(consumed));
      this.#handOver(app, fromOriginator);
    } else this.#settle(app);
  }

  /** A session that is done is closed at the end of the connection, but fed no more. */
  #settle(app: Application): void {
    if (app.handsTo !== undefined) this.#handOver(app, true);
    else if (app.session?.done === true) {
      app.isDone = true;
      app.left[0] = app.left[1] = undefined;
      this.#count(app.flow);
    }
  }

  /** The session says that these bytes are not its own, or broken. */
  #refuse(app: Application, session: Session): void {
    const { dissector } = app;
    if (dissector) {
      if (!app.isConfirmed) {
        app.refused ??= [];
        app.refused.push(dissector);
      } else if (this.#host.payload(app.flow) <= FIRM_AFTER) {
        app.services = app.services.filter((service) => service !== dissector.name);
      }
    }
    this.#guard(app, () => session.close?.());
    app.session = undefined;
    app.left[0] = app.left[1] = undefined;
    this.#count(app.flow);
  }

  /** Ends a session early, without taking back what it said. */
  #release(app: Application): void {
    this.#closeSession(app);
    this.#count(app.flow);
  }

  #closeSession(app: Application): void {
    const { session } = app;
    app.session = undefined;
    app.left[0] = app.left[1] = undefined;
    if (session) this.#guard(app, () => session.close?.());
  }

  /** Gives what follows to another dissector, both directions, oldest first. */
  #handOver(app: Application, fromOriginator: boolean): void {
    const name = app.handsTo;
    const rest = [...app.left];
    app.handsTo = undefined;
    this.#closeSession(app);
    const next = name ? this.#candidates.named(name) : undefined;
    if (name && !next) {
      this.#count(app.flow);
      return;
    }
    const w = this.#table.words;
    w[(app.flow << FLOW_SHIFT) + STAGE] = FRESH;
    w[(app.flow << FLOW_SHIFT) + PROBED] = 0;
    app.earlyBytes = 0;
    app.refused = undefined;
    if (next && !this.#open(app, next)) return;
    for (const direction of [fromOriginator, !fromOriginator]) {
      const bytes = rest[direction ? 0 : 1]?.view;
      if (!bytes) continue;
      if (app.session) this.#feed(app, direction, bytes);
      else if (w[(app.flow << FLOW_SHIFT) + STAGE] !== COUNTED) {
        this.#detect(app.flow, app.proto, direction, bytes);
      }
    }
  }

  #guard(app: Application, call: () => void): void {
    try {
      call();
    } catch {
      this.#faults++;
      app.session = undefined;
      this.#count(app.flow);
    }
  }
}

const NOTHING = new Uint8Array(0);

/** True if nothing came from this direction before, as far as is known. */
const isFirstOf = (app: Application | undefined, fromOriginator: boolean): boolean =>
  app?.early?.every((chunk) => chunk.fromOriginator !== fromOriginator) ?? false;

/** What came early in one direction, as one piece. */
function earlyOf(app: Application, fromOriginator: boolean): Uint8Array | undefined {
  let all: Uint8Array | undefined;
  for (const chunk of app.early ?? []) {
    if (chunk.fromOriginator === fromOriginator) all = all ? join(all, chunk.bytes) : chunk.bytes;
  }
  return all;
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  const all = new Uint8Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}
