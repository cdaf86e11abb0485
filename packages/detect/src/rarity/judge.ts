/** How rare the other end of an observation is for the rest of the network, and how usual rare ends are for the device. */
import type { Observation } from '../observation.ts';
import type { World } from '../world.ts';
import type { RarityKind } from './kinds.ts';
import { rarityOf } from './table.ts';

/** Below this, several others use the port. */
const COMMON_PORT = 50;

/** 0-100 for a value of a kind, from the point of view of the device of the observation. */
export function rarityFor(kind: RarityKind, value: string, o: Observation, world: World): number {
  const others = world.rarity[kind].others(value, o.device.did, o.time);
  return rarityOf(others, world.tracker.devices.length);
}

/**
 * Rarity of an outside end: of its domain where a name is known, of the address otherwise. An address without a name that
 * lies with a provider everybody uses is down to half as rare, on ports that others use too: false alarms on user traffic
 * were cloud addresses on 443, while controllers at the same providers listened elsewhere.
 */
export function endpointRarity(o: Observation, world: World): number {
  if (o.rarity < 0) o.rarity = judged(o, world);
  return o.rarity;
}

function judged(o: Observation, world: World): number {
  if (!o.external) return 0;
  if (o.domain !== '') return rarityFor('domain', o.domain, o, world);
  const address = rarityFor('ip', o.ip, o, world);
  const { asn } = world.reference.asn(o.ip);
  if (asn === 0 || rarityFor('port', `${o.proto}/${o.port}`, o, world) > COMMON_PORT) return address;
  return address * (0.5 + rarityFor('asn', String(asn), o, world) / 200);
}

/** Chance that an outside endpoint the device turns to is new to it and rare: near 1 for a browser, small for a server. */
export const noveltyChance = (o: Observation): number => (o.life.fresh + 1) / (o.life.contacts + 2);
