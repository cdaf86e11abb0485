/** The settings of an appliance: `thymus.yaml` in the data folder, THYMUS_* in the environment, flags. */
import { type AddressRange, NetworkScope, PRIVATE_RANGES, parseRange, ThymusError } from '@thymus/core';
import { type ConfigSources, loadConfig } from '@thymus/core/node';
import type { EngineOptions } from '@thymus/dpi';
import Type, { type Static } from 'typebox';

export const CONFIG_SCHEMA = Type.Object({
  listen: Type.String({
    default: '127.0.0.1:8443',
    description: 'Address and port of the web interface and the API.',
  }),
  internal_networks: Type.Array(Type.String(), {
    default: [],
    description: 'Networks whose devices are learned, as CIDR; empty means all private ranges.',
  }),
  time_zone: Type.String({
    default: 'UTC',
    description: 'Time zone of working hours, as an IANA name such as Europe/Berlin.',
  }),
  capture_interface: Type.String({
    default: '',
    description: 'Interface to capture from; empty means none.',
  }),
  capture_filter: Type.String({
    default: '',
    description: 'Capture filter in the syntax of pcap-filter(7).',
  }),
  checksums: Type.Union([Type.Literal('check'), Type.Literal('ignore')], {
    default: 'ignore',
    description: 'Whether packets with wrong checksums are dropped; offloading cards make them look wrong.',
  }),
  vlan_aware: Type.Boolean({
    default: false,
    description: 'Tells connections of different VLANs with the same addresses apart.',
  }),
  retention_days: Type.Integer({
    default: 30,
    minimum: 1,
    maximum: 3650,
    description: 'Days that records are kept, counted from when they were stored.',
  }),
  metric_retention_days: Type.Integer({
    default: 90,
    minimum: 1,
    maximum: 3650,
    description: 'Days that hourly metrics are kept.',
  }),
  disk_limit_percent: Type.Integer({
    default: 80,
    minimum: 10,
    maximum: 99,
    description: 'Share of the disk beyond which the oldest day of the largest record type is dropped.',
  }),
  log_level: Type.Union(
    (['debug', 'info', 'warn', 'error'] as const).map((level) => Type.Literal(level)),
    { default: 'warn', description: 'Least important messages that are logged.' },
  ),
});

export type ApplianceConfig = Static<typeof CONFIG_SCHEMA>;

/** Reads and checks the configuration. Throws BAD_CONFIG. */
export function loadApplianceConfig(sources: ConfigSources): ApplianceConfig {
  const config = loadConfig(CONFIG_SCHEMA, sources);
  internalRanges(config);
  parseListen(config.listen);
  try {
    new Intl.DateTimeFormat('en', { timeZone: config.time_zone });
  } catch (cause) {
    throw new ThymusError(
      'BAD_CONFIG',
      `time_zone: expected an IANA name such as Europe/Berlin, found ${JSON.stringify(config.time_zone)}.`,
      { cause },
    );
  }
  return config;
}

/** The internal networks; private space unless configured. */
export function internalRanges(config: ApplianceConfig): readonly AddressRange[] {
  if (config.internal_networks.length === 0) return PRIVATE_RANGES;
  return config.internal_networks.map((text) => {
    const range = parseRange(text);
    if (range) return range;
    throw new ThymusError(
      'BAD_CONFIG',
      `internal_networks: expected networks such as 10.0.0.0/8, found ${JSON.stringify(text)}.`,
    );
  });
}

export const networkScope = (config: ApplianceConfig): NetworkScope =>
  new NetworkScope(internalRanges(config));

/** Host and port of "127.0.0.1:8443" or "[::1]:8443". Throws BAD_CONFIG. */
export function parseListen(listen: string): { host: string; port: number } {
  const match = /^(?:\[([0-9a-fA-F:]+)\]|([^:]+)):(\d{1,5})$/.exec(listen);
  const port = Number(match?.[3]);
  if (match && port <= 65_535) return { host: match[1] ?? match[2]!, port };
  throw new ThymusError('BAD_CONFIG', `listen: expected HOST:PORT, found ${JSON.stringify(listen)}.`);
}

/** How the dissection engine is to work. */
export const engineOptions = (config: ApplianceConfig): EngineOptions => ({
  checksums: config.checksums,
  vlanAware: config.vlan_aware,
  internal: internalRanges(config).map(({ text }) => text),
});
