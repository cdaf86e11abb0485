/**
 * Finds scans by a sequential test over first contacts: a scanner fails on most, everybody else succeeds on most.
 * Threshold Random Walk, Jung, Paxson, Berger and Balakrishnan, IEEE Symposium on Security and Privacy 2004.
 */
import { touch } from '../devices/state.ts';
import { newRecent, put, type Recent, recall } from '../state/recent.ts';

/** A scanner reaches one target in five. */
const SCANNER_SUCCESS = 0.2;
/** Evidence for an alarm: chance of a false one 1e-5 per walk. On captures of nmap it takes 9 to 14 contacts. */
export const ALARM = Math.log(1e5);
/** Starting belief about everybody else, worth 100 contacts: four of five succeed. */
const PRIOR = { success: 80, all: 100 };
const MAX_WALKS = 32;
const MAX_TARGETS = 4096;

/** How first contacts went in the whole network; a sensor that sees half of the packets learns that failures mean little. */
export interface Outcomes {
  success: number;
  all: number;
}

export interface Walk {
  /** Evidence for a scan, 0 and up. */
  evidence: number;
  /** Targets that failed since the evidence was last 0. */
  failed: number;
  /** The alarm was given; later failures add to it one by one. */
  isReported: boolean;
}

const newWalk = (): Walk => ({ evidence: 0, failed: 0, isReported: false });

export interface ScanState {
  /** Over internal hosts, and over outside ones. */
  hosts: Walk;
  outside: Walk;
  /** Destination → walk over its ports. */
  ports: Map<string, Walk>;
  /** Targets (hosts, and host:port) that were contacted before. */
  targets: Recent<boolean>;
}

export const emptyScan = (): ScanState => ({
  hosts: newWalk(),
  outside: newWalk(),
  ports: new Map(),
  targets: newRecent(),
});

/** True the first time. */
export function isFirstContact(state: ScanState, target: string): boolean {
  if (recall(state.targets, target, MAX_TARGETS)) return false;
  put(state.targets, target, true, MAX_TARGETS);
  return true;
}

export function walkOver(state: ScanState, destination: string): Walk {
  const walk = state.ports.get(destination) ?? newWalk();
  touch(state.ports, destination, walk, MAX_WALKS);
  return walk;
}

/** One step; true while the evidence suffices for an alarm. */
export function step(walk: Walk, success: boolean, outcomes: Outcomes): boolean {
  const usual = Math.min(
    0.95,
    Math.max(0.3, (outcomes.success + PRIOR.success) / (outcomes.all + PRIOR.all)),
  );
  if (success) {
    walk.evidence = Math.max(0, walk.evidence + Math.log(SCANNER_SUCCESS / usual));
    if (walk.evidence === 0) [walk.failed, walk.isReported] = [0, false];
  } else {
    walk.evidence = Math.min(ALARM * 3, walk.evidence + Math.log((1 - SCANNER_SUCCESS) / (1 - usual)));
    walk.failed++;
  }
  return walk.evidence >= ALARM;
}

/** Chance of such evidence without a scan (Wald's bound). */
export const chanceOf = (walk: Walk): number => Math.exp(-walk.evidence);
