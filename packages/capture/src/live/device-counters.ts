/** What the kernel counts for a network interface. proc(5), /proc/net/dev. */
import { readFileSync } from 'node:fs';

/** Totals of what was received since the interface came up. */
export interface DeviceCounters {
  bytes: number;
  packets: number;
  errors: number;
  /** Dropped for want of room, in the card or behind it. */
  dropped: number;
}

/** The counters of an interface out of the text of /proc/net/dev; undefined if it does not stand there. */
export function parseDeviceCounters(text: string, name: string): DeviceCounters | undefined {
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon < 0 || line.slice(0, colon).trim() !== name) continue;
    const [bytes = 0, packets = 0, errors = 0, dropped = 0, overruns = 0] = line
      .slice(colon + 1)
      .trim()
      .split(/\s+/)
      .map(Number);
    return { bytes, packets, errors, dropped: dropped + overruns };
  }
  return undefined;
}

/** The counters now; undefined for an interface that is not there, and where there is no /proc. */
export function deviceCounters(name: string): DeviceCounters | undefined {
  try {
    return parseDeviceCounters(readFileSync('/proc/net/dev', 'latin1'), name);
  } catch {
    return undefined;
  }
}
