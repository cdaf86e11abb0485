/** Devices: who is behind an address, over time. */

export interface DeviceAddress {
  ip: string;
  /** Last time the device used it, ms since the epoch. */
  lastSeen: number;
  sid: number;
}

export interface Device {
  /** Positive; 0 is the outside world, negative ones are pseudo devices. */
  did: number;
  /** Current address first. */
  ips: DeviceAddress[];
  mac?: string;
  vendor?: string;
  hostname?: string;
  os?: string;
  /** One of the API's type names: "laptop", "server", "unknown". */
  typename: string;
  /** Why the type was chosen, for the device page. */
  typeReasons: string[];
  sid: number;
  firstSeen: number;
  lastSeen: number;
  credentials: { credential: string; lastSeen: number }[];
  /** Active hours learned so far and whether the device is past learning. */
  hoursLearned: number;
  stage: 'learning' | 'young' | 'mature';
  /** Combination of its open breaches, 0-1. */
  score: number;
  /**
   * It turned out to be this other device, which has its addresses now; 0 where nothing is left of it by which it could be
   * seen again. Only of devices that were given out before this was known.
   */
  replacedBy?: number;
}

export interface Subnet {
  /** Positive. */
  sid: number;
  /** "10.0.1.0/24" */
  network: string;
  firstSeen: number;
  lastSeen: number;
  /** How addresses are tied to devices here. */
  dhcpSeen: number;
  devices: number;
}
