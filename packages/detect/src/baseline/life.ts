/** What the detector remembers of how a device lives; plain data, saved as it stands. */
import type { Pair } from '../rarity/pairs.ts';
import { emptyScan, type ScanState } from '../rarity/scan.ts';
import type { Channel } from '../rarity/tunnel.ts';
import { newRecent, type Recent } from '../state/recent.ts';
import type { Series } from './series.ts';

export interface OpenBreach {
  score: number;
  time: number;
  /** Compliance breaches count half in the device's score. */
  compliance: boolean;
  /** Suspicious or Critical: what the device does now is learned with caution. */
  isSuspect: boolean;
}

export interface Life {
  /** Open hour, as local hours since the epoch; -1 before the first. */
  hour: number;
  /** Metric → series. */
  series: Map<string, Series>;
  /** Endpoints of the open hour, as hashes; at most 4,096. */
  hourEnds: Set<number>;
  /** Kind and value → first use that is remembered: what is not new to the device. */
  known: Recent<number>;
  /** How often the outside endpoints it turns to are new and rare, fading. */
  fresh: number;
  contacts: number;
  pairs: Recent<Pair>;
  scan: ScanState;
  channels: Map<string, Channel>;
  /** Model → its last breach on this device. */
  open: Map<string, OpenBreach>;
}

export const newLife = (): Life => ({
  hour: -1,
  series: new Map(),
  hourEnds: new Set(),
  known: newRecent(),
  fresh: 0,
  contacts: 0,
  pairs: newRecent(),
  scan: emptyScan(),
  channels: new Map(),
  open: new Map(),
});
