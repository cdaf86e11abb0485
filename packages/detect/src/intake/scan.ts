/** First contacts, for the sequential tests over hosts and over ports. */
import type { Conn, ConnUpdate } from '@thymus/core';
import type { Observation } from '../observation.ts';
import { ALARM, chanceOf, isFirstContact, type Outcomes, step, type Walk, walkOver } from '../rarity/scan.ts';
import type { Intake } from './intake.ts';

/** Echo request (RFC 792): a sweep by ping. */
const ECHO = 8;
/** Evidence of one network counts at most this many contacts, so that it follows changes. */
const MAX_OUTCOMES = 10_000;

/** Whether the contact tells anything: a UDP service may be silent by design, other protocols have no answer. */
function outcomeOf(o: Observation, record: Conn | ConnUpdate, isAnswered: boolean): boolean | undefined {
  if (record.proto === 'tcp') return isAnswered && !o.failed ? true : o.failed ? false : undefined;
  if (record.proto === 'icmp' && record.source_port === ECHO) return isAnswered;
  return undefined;
}

export function observeScan(
  o: Observation,
  record: Conn | ConnUpdate,
  isAnswered: boolean,
  intake: Intake,
): void {
  // Whoever was reached here before is no first contact; this spares the look into the larger table.
  if (o.external ? (o.pair?.count ?? 1) > 1 : !o.isNew) return;
  const success = outcomeOf(o, record, isAnswered);
  if (success === undefined) return;
  const { scan } = o.life;
  const outcomes = o.external ? intake.outcomes.external : intake.outcomes.internal;
  if (record.proto === 'tcp' && isFirstContact(scan, `${o.ip}:${o.port}`)) {
    const walk = walkOver(scan, o.ip);
    if (step(walk, success, outcomes)) report('portscan', o, walk, success, intake);
  }
  if (isFirstContact(scan, o.ip)) {
    if (record.proto === 'icmp') ping(o, intake);
    const walk = o.external ? scan.outside : scan.hosts;
    const isAlarm = step(walk, success, outcomes);
    // What looks like a scan already must not teach that failures are usual.
    if (walk.evidence < ALARM / 2) learn(outcomes, success);
    if (isAlarm) report('hostscan', o, walk, success, intake);
  }
}

/** Sweeps that skip dead addresses succeed: what gives them away is how many hosts they ask for the first time. */
function ping(o: Observation, intake: Intake): void {
  const { kind } = o;
  o.kind = 'ping';
  intake.emit(o);
  o.kind = kind;
}

function learn(outcomes: Outcomes, success: boolean): void {
  outcomes.all++;
  if (success) outcomes.success++;
  if (outcomes.all < MAX_OUTCOMES) return;
  outcomes.all /= 2;
  outcomes.success /= 2;
}

/** The alarm carries all targets so far, each later failure one more. */
function report(
  kind: 'hostscan' | 'portscan',
  o: Observation,
  walk: Walk,
  success: boolean,
  intake: Intake,
): void {
  const size = walk.isReported ? (success ? 0 : 1) : walk.failed;
  walk.isReported = true;
  if (size === 0) return;
  const { size: before, kind: kindBefore, probability } = o;
  o.kind = kind;
  o.size = size;
  o.probability = chanceOf(walk);
  intake.emit(o);
  o.kind = kindBefore;
  o.size = before;
  o.probability = probability;
}
