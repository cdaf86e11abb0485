/** The detector's face to the rest of the product. */
import type { Enrichment, LogRecord, Metric, NetworkScope } from '@thymus/core';
import type { Breach } from './breach.ts';
import type { Device, Subnet } from './device.ts';
import type { Model } from './model.ts';

/** Facts about the outside world; answered from reference data by whoever runs the detector. */
export interface ReferenceData {
  /** ISO 3166 code, empty if unknown. */
  country(ip: string): string;
  /** Autonomous system number and name; 0 if unknown. */
  asn(ip: string): { asn: number; name: string };
  /** Maker of a network card, empty if unknown. */
  vendor(mac: string): string;
  /** Registrable domain of a host name ("a.b.example.co.uk" gives "example.co.uk"), the name itself if there is none. */
  domain(hostname: string): string;
}

export interface DetectorOptions {
  scope: NetworkScope;
  reference: ReferenceData;
  models: readonly Model[];
  /** Time zone for hours of the day, IANA name; UTC by default. */
  timeZone?: string;
  /** First did and sid to give out, 1 by default; detectors that share a store start apart. */
  firstId?: number;
}

/** What changed since the last call of `drain`. */
export interface DetectorOutput {
  breaches: Breach[];
  devices: Device[];
  subnets: Subnet[];
  metrics: Metric[];
}

export interface DetectorFace {
  /** Takes one record, in the order of the bus, and says who its ends are. `source` names the sensor or import. */
  observe(record: LogRecord, source: string): Enrichment;
  /** No record of `source` older than `ts` will come any more: closes hours. */
  advance(ts: number, source: string): void;
  drain(): DetectorOutput;
  /** Everything learned, as bytes, for the constructor to continue from; what was not drained before is not kept. */
  snapshot(): Uint8Array;
}
