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
    description: 'Interfaces to capture from, by comma, at most 8; empty means none.',
  }),
  capture_filter: Type.String({
    default: '',
    description: 'Capture filter in the syntax of pcap-filter(7).',
  }),
  mirror_listen: Type.Array(Type.String(), {
    default: [],
    description:
      'Addresses and UDP ports for mirrors of cloud networks in VXLAN (4789) or GENEVE (6081), such as 0.0.0.0:4789.',
  }),
  netflow_listen: Type.Array(Type.String(), {
    default: [],
    description: 'Addresses and UDP ports for flow records (NetFlow 5 and 9, IPFIX), such as 0.0.0.0:2055.',
  }),
  follow_logs: Type.Array(Type.String(), {
    default: [],
    description: 'Logs of Zeek or Suricata (EVE) that are followed as they grow: files, or folders of them.',
  }),
  exclude_networks: Type.Array(Type.String(), {
    default: [],
    description: 'Networks whose packets are not looked at, as CIDR: guests, storage.',
  }),
  deduplicate: Type.Union(
    (['auto', 'always', 'never'] as const).map((each) => Type.Literal(each)),
    {
      default: 'auto',
      description:
        'Whether copies of packets are left out; auto means where packets come from several sources.',
    },
  ),
  packet_ring_mb: Type.Integer({
    default: 0,
    minimum: 0,
    maximum: 100_000_000,
    description:
      'Size of the ring of captured packets on disk, MB, at least 9; 0 means that no packets are kept.',
  }),
  packet_ring_encrypted_kb: Type.Integer({
    default: 0,
    minimum: 0,
    maximum: 1_000_000,
    description: 'How much of each encrypted flow the ring keeps, kB; 0 means all of it.',
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

/** Sources of packets that can be told apart where copies are looked for. */
const MOST_SOURCES = 8;
/** The smallest ring of @thymus/capture, in full MB. */
const SMALLEST_RING_MB = 9;

export type ApplianceConfig = Static<typeof CONFIG_SCHEMA>;

/** Reads and checks the configuration. Throws BAD_CONFIG. */
export function loadApplianceConfig(sources: ConfigSources): ApplianceConfig {
  const config = loadConfig(CONFIG_SCHEMA, sources);
  internalRanges(config);
  parseListen(config.listen);
  excludedRanges(config);
  if (config.packet_ring_mb > 0 && config.packet_ring_mb < SMALLEST_RING_MB)
    throw new ThymusError(
      'BAD_CONFIG',
      `packet_ring_mb: expected 0 or at least ${SMALLEST_RING_MB}, found ${config.packet_ring_mb}.`,
    );
  for (const listen of config.mirror_listen) parseListen(listen, 'mirror_listen');
  for (const listen of config.netflow_listen) parseListen(listen, 'netflow_listen');
  if (captureInterfaces(config).length + config.mirror_listen.length > MOST_SOURCES) {
    throw new ThymusError(
      'BAD_CONFIG',
      `capture_interface, mirror_listen: expected at most ${MOST_SOURCES} in all, found more.`,
    );
  }
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

/** The interfaces to capture from. */
export const captureInterfaces = (config: ApplianceConfig): string[] =>
  config.capture_interface
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

export const capturesPackets = (config: ApplianceConfig): boolean =>
  captureInterfaces(config).length + config.mirror_listen.length > 0;

/** True if anything comes live: packets, flow records, followed logs. */
export const isLive = (config: ApplianceConfig): boolean =>
  capturesPackets(config) || config.netflow_listen.length + config.follow_logs.length > 0;

/** The networks that are not looked at. */
export const excludedRanges = (config: ApplianceConfig): AddressRange[] =>
  config.exclude_networks.map((text) => rangeOf('exclude_networks', text));

function rangeOf(setting: string, text: string): AddressRange {
  const range = parseRange(text);
  if (range) return range;
  throw new ThymusError(
    'BAD_CONFIG',
    `${setting}: expected networks such as 10.0.0.0/8, found ${JSON.stringify(text)}.`,
  );
}

/** The internal networks; private space unless configured. */
export function internalRanges(config: ApplianceConfig): readonly AddressRange[] {
  if (config.internal_networks.length === 0) return PRIVATE_RANGES;
  return config.internal_networks.map((text) => rangeOf('internal_networks', text));
}

export const networkScope = (config: ApplianceConfig): NetworkScope =>
  new NetworkScope(internalRanges(config));

/** Host and port of "127.0.0.1:8443" or "[::1]:8443". Throws BAD_CONFIG. */
export function parseListen(listen: string, setting = 'listen'): { host: string; port: number } {
  const match = /^(?:\[([0-9a-fA-F:]+)\]|([^:]+)):(\d{1,5})$/.exec(listen);
  const port = Number(match?.[3]);
  if (match && port <= 65_535) return { host: match[1] ?? match[2]!, port };
  throw new ThymusError('BAD_CONFIG', `${setting}: expected HOST:PORT, found ${JSON.stringify(listen)}.`);
}

/** How the dissection engine is to work. */
export const engineOptions = (config: ApplianceConfig): EngineOptions => ({
  checksums: config.checksums,
  vlanAware: config.vlan_aware,
  internal: internalRanges(config).map(({ text }) => text),
});
