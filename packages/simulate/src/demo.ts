/** A simulated estate over some days: records in the order in which a sensor would log them, and the truth. */
import { DAY, HOUR, hourOfDay, type LogRecord, midnight, Random } from '@thymus/core';
import type { PlannedAttack, Truth } from './attacks/attack.ts';
import { ATTACKS } from './attacks/index.ts';
import { buildEstate, type Estate, type Machine } from './estate.ts';
import { MACHINES } from './habits/machines.ts';
import { OFFICE, presence } from './habits/office.ts';
import { Wire } from './wire.ts';

export interface DemoRequest {
  seed: number;
  /** All machines, at least 12. */
  devices: number;
  /** At least 7, so that there is something to learn before the attacks. */
  days: number;
  /** End of the simulated time, ms since the epoch. */
  end: number;
}

export interface DemoTruth extends DemoRequest {
  start: number;
  attacks: Truth[];
}

export interface Demo {
  truth: DemoTruth;
  /** Lazily made; can be read once. */
  records: Iterable<LogRecord>;
}

const HABITS = [...OFFICE, ...MACHINES];

/** Plans an estate with one of each attack. The same request gives the same records. */
export function demoEstate(request: DemoRequest): Demo {
  const estate = buildEstate(request.seed, request.devices);
  const end = Math.floor(request.end / HOUR) * HOUR;
  const start = midnight(end - Math.max(7, request.days) * DAY);
  const random = new Random(request.seed).fork(99);
  const unused = estate.clients.filter(({ role }) => role === 'desktop' || role === 'laptop');
  const attacks = ATTACKS.map((attack, i) =>
    attack.plan({ estate, start, end, random: random.fork(i), unused }),
  );
  const truth = { ...request, start, end, attacks: attacks.map((attack) => attack.truth) };
  return { truth, records: recordsOf(estate, attacks, start, end) };
}

/** When a sensor logs a record: connections at their end. */
const loggedAt = (record: LogRecord): number =>
  record.kind === 'conn' ? record.ts + (record.duration ?? 0) : record.ts;

function* recordsOf(
  estate: Estate,
  attacks: readonly PlannedAttack[],
  start: number,
  end: number,
): Generator<LogRecord> {
  let pending: LogRecord[] = [];
  const wire = new Wire(estate, (record) => pending.push(record));
  for (let ts = start; ts < end; ts += HOUR) {
    for (const machine of estate.machines) {
      if (machine.role === 'laptop') maybeMove(machine, estate, ts);
      for (const habit of HABITS) if (habit.fits(machine)) habit.act({ ts, machine, estate, wire });
    }
    for (const attack of attacks) attack.act(ts, wire);
    const isLast = ts + HOUR >= end;
    const [due, later] = partition(pending, (record) => isLast || loggedAt(record) < ts + HOUR);
    pending = later;
    yield* due.filter((record) => loggedAt(record) < end).sort((a, b) => loggedAt(a) - loggedAt(b));
  }
}

function partition<T>(list: readonly T[], fits: (item: T) => boolean): [T[], T[]] {
  const [yes, no]: [T[], T[]] = [[], []];
  for (const item of list) (fits(item) ? yes : no).push(item);
  return [yes, no];
}

/** A laptop that comes back in the morning may get another address of its network. */
function maybeMove(machine: Machine, estate: Estate, ts: number): void {
  const isArriving = presence(machine, ts) > 0 && presence(machine, ts - HOUR) === 0 && hourOfDay(ts) < 12;
  if (!isArriving || !machine.random.chance(0.15)) return;
  const taken = new Set(estate.machines.map(({ ip }) => ip));
  const network = machine.ip.split('.').slice(0, 3).join('.');
  for (let tries = 0; tries < 20; tries++) {
    const ip = `${network}.${machine.random.integer(20, 250)}`;
    if (taken.has(ip)) continue;
    machine.ip = ip;
    return;
  }
}
