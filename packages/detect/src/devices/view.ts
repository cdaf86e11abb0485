/** A device as the rest of the product sees it. */
import { DAY } from '@thymus/core';
import type { Life } from '../baseline/life.ts';
import { LEARNING_HOURS } from '../baseline/pattern.ts';
import type { Device } from '../device.ts';
import type { DeviceState } from './state.ts';
import type { Tracker } from './tracker.ts';
import { typeReasons } from './types.ts';

/** Fourteen days of activity, or three weeks since first sight. */
const MATURE = { hours: 14 * 8, age: 21 * DAY };

export function stageOf(device: DeviceState): Device['stage'] {
  if (device.hoursLearned <= LEARNING_HOURS) return 'learning';
  const isMature =
    device.hoursLearned >= MATURE.hours && device.lastSeen - device.firstSeen >= 14 * DAY
      ? true
      : device.lastSeen - device.firstSeen >= MATURE.age;
  return isMature ? 'mature' : 'young';
}

/** Combination of the open breaches of distinct models at the time the device was last seen; each halves in a day. */
export function deviceScore(life: Life, now: number): number {
  let rest = 1;
  for (const { score, time, compliance } of life.open.values()) {
    const weight = (compliance ? 0.4 : 0.8) * 0.5 ** (Math.max(0, now - time) / DAY);
    rest *= 1 - weight * score;
  }
  return Math.round((1 - rest) * 1000) / 1000;
}

export function viewOf(device: DeviceState, life: Life, tracker: Tracker, vendor: string): Device {
  return {
    did: device.did,
    ips: tracker.addressesOf(device),
    ...(device.mac !== '' && { mac: device.mac }),
    ...(vendor !== '' && { vendor }),
    ...(device.hostname !== '' && { hostname: device.hostname }),
    ...(device.os !== '' && { os: device.os }),
    typename: device.typename,
    typeReasons: typeReasons(device),
    sid: device.sid,
    firstSeen: device.firstSeen,
    lastSeen: device.lastSeen,
    credentials: [...device.credentials]
      .reverse()
      .map(([credential, lastSeen]) => ({ credential, lastSeen })),
    hoursLearned: device.hoursLearned,
    stage: stageOf(device),
    score: deviceScore(life, device.lastSeen),
    ...(device.replacedBy !== undefined && { replacedBy: device.replacedBy }),
  };
}
