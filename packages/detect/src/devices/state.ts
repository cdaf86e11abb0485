/** What is known of a device's identity; plain data, saved as it stands. */

export interface DeviceState {
  did: number;
  mac: string;
  hostname: string;
  /** How far the name is to be trusted; NAME_RANK in names.ts. */
  hostnameRank: number;
  os: string;
  sid: number;
  firstSeen: number;
  lastSeen: number;
  /** `lastSeen` as the outside was told last. */
  reportedAt: number;
  /** The address used last. */
  ip: string;
  /** Address → last use; the latest stands at the end. At most 16. */
  ips: Map<string, number>;
  /** Credential → last use, the latest at the end; at most 32. */
  credentials: Map<string, number>;
  /** Signs of its type: "type|reason" → points. At most 24. */
  clues: Map<string, number>;
  typename: string;
  /** Hours in which it was active, and the last of them as hours since the epoch. */
  hoursLearned: number;
  lastActiveHour: number;
  /** The device that took its last address, when it has neither card nor name by which to come back; 0 for none. */
  replacedBy?: number;
  /** Sensor or import that saw it last: its hours close by that clock. */
  source: string;
}

export function newDevice(did: number, ts: number, source: string): DeviceState {
  return {
    did,
    mac: '',
    hostname: '',
    hostnameRank: 0,
    os: '',
    sid: 0,
    ip: '',
    firstSeen: ts,
    lastSeen: ts,
    reportedAt: ts,
    ips: new Map(),
    credentials: new Map(),
    clues: new Map(),
    typename: 'unknown',
    hoursLearned: 0,
    lastActiveHour: Number.NEGATIVE_INFINITY,
    source,
  };
}

/** Puts a key at the end of a table kept in order of use, and drops the oldest above `cap`. */
export function touch<V>(map: Map<string, V>, key: string, value: V, cap: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > cap) map.delete(map.keys().next().value!);
}
