/**
 * Fields of flow records that matter here, by the number of their information element. IANA "IPFIX Information
 * Elements"; NetFlow version 9 (RFC 3954) uses the same numbers. What runs the other way in one record (RFC 5103) has
 * the same numbers under an enterprise number of its own.
 */

/** One direction of a connection, or both where the exporter pairs them itself. */
export interface Flow {
  /** Canonical addresses. */
  source: string;
  dest: string;
  sourcePort: number;
  destPort: number;
  proto: number;
  /** IP packets and their bytes, and TCP flags of all of them; `back` from destination to source. */
  packets: number;
  bytes: number;
  flags: number;
  backPackets: number;
  backBytes: number;
  backFlags: number;
  /** First and last packet, ms since the epoch. */
  start: number;
  end: number;
  vlan: number;
}

export const noFlow = (): Flow => ({
  source: '',
  dest: '',
  sourcePort: 0,
  destPort: 0,
  proto: 0,
  packets: 0,
  bytes: 0,
  flags: 0,
  backPackets: 0,
  backBytes: 0,
  backFlags: 0,
  start: 0,
  end: 0,
  vlan: 0,
});

export type CountName = 'sourcePort' | 'destPort' | 'proto' | 'vlan' | Sums;
type Sums = 'packets' | 'bytes' | 'flags' | 'backPackets' | 'backBytes' | 'backFlags';

/** Whole numbers. Exporters give counts since the last report (1, 2), in total (85, 86) or by initiator (231…). */
export const COUNTS: ReadonlyMap<number, CountName> = new Map([
  [1, 'bytes'],
  [2, 'packets'],
  [4, 'proto'],
  [6, 'flags'],
  [7, 'sourcePort'],
  [11, 'destPort'],
  [58, 'vlan'],
  [85, 'bytes'],
  [86, 'packets'],
  [231, 'bytes'],
  [232, 'backBytes'],
  [298, 'packets'],
  [299, 'backPackets'],
]);

/** The same in records of both directions. */
export const BACK_COUNTS: ReadonlyMap<number, CountName> = new Map([
  [1, 'backBytes'],
  [2, 'backPackets'],
  [6, 'backFlags'],
  [85, 'backBytes'],
  [86, 'backPackets'],
]);

export const ADDRESSES: ReadonlyMap<number, 'source' | 'dest'> = new Map([
  [8, 'source'],
  [12, 'dest'],
  [27, 'source'],
  [28, 'dest'],
]);

/** Type and code of ICMP in one number, for either version. */
export const ICMP_TYPES: ReadonlySet<number> = new Set([32, 139]);

/** How a time is told: since the device was switched on, or since 1970 in some unit. */
export type Clock = 'uptime' | 'seconds' | 'milliseconds' | 'ntp';

export const TIMES: ReadonlyMap<number, readonly [name: 'start' | 'end', clock: Clock]> = new Map([
  [22, ['start', 'uptime']],
  [21, ['end', 'uptime']],
  [150, ['start', 'seconds']],
  [151, ['end', 'seconds']],
  [152, ['start', 'milliseconds']],
  [153, ['end', 'milliseconds']],
  [154, ['start', 'ntp']],
  [155, ['end', 'ntp']],
  [156, ['start', 'ntp']],
  [157, ['end', 'ntp']],
]);

/** When the device was switched on, ms since 1970: what `uptime` counts from in IPFIX. */
export const SYSTEM_INIT = 160;
/** The enterprise number of what runs the other way. */
export const REVERSE = 29_305;
