/**
 * Facts about the outside world for detection: countries, autonomous systems, makers of network cards, registrable
 * domains. They come with the packages that npm installed; a file in the data folder's `reference` wins:
 *
 *   country.mmdb             MaxMind DB with `country_code` or `country.iso_code`
 *   asn-ipv4.csv, asn-ipv6.csv   first address, last address, number, name
 *   oui.json                 object from prefix (6, 7 or 9 hex digits) to maker
 *   public_suffix_list.dat   the list of publicsuffix.org
 *
 * To update: put the newer file there and start the appliance again.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ThymusError } from '@thymus/core';
import type { ReferenceData } from '@thymus/detect';
import { Reader, type Response } from 'mmdb-lib';
import { getDomain } from 'tldts';
import { AsnTable } from './reference/asn-table.ts';
import { suffixList } from './reference/suffixes.ts';

export interface Attribution {
  name: string;
  /** Version of the package, or the day of the file that replaced it. */
  version: string;
  licence: string;
  attribution: string;
  url: string;
}

export interface Reference extends ReferenceData {
  /** What is in use, with the words its licence asks for. */
  readonly attributions: readonly Attribution[];
}

const require = createRequire(import.meta.url);

const COUNTRY = '@ip-location-db/geo-whois-asn-country-mmdb';
const ASN = '@ip-location-db/asn';
const CACHE = 'asn.cache';

interface Source {
  path: string;
  version: string;
}

/** The file of the data folder if it is there, else the one of the package. */
function sourceOf(folder: string, own: string, packaged: string, manifest: string): Source {
  const path = join(folder, own);
  if (existsSync(path)) return { path, version: statSync(path).mtime.toISOString().slice(0, 10) };
  return { path: require.resolve(packaged), version: versionOf(manifest) };
}

/** Version of an installed package, also where its `exports` hide the manifest. */
function versionOf(name: string): string {
  let folder = dirname(require.resolve(name));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version?: string };
  return manifest.version ?? '';
}

/** Runs a reader and says which file it failed on. */
function reading<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ThymusError('BAD_FILE', `${path} cannot be used as reference data: ${why}.`, { cause });
  }
}

interface CountryResponse {
  country_code?: string;
  country?: { iso_code?: string };
}

function countries({ path }: Source): (ip: string) => string {
  const reader = reading(path, () => new Reader<CountryResponse & Response>(readFileSync(path)));
  const known = new Map<string, string>();
  return (ip) => {
    const hit = known.get(ip);
    if (hit !== undefined) return hit;
    const found = reader.get(ip);
    const code = found?.country_code ?? found?.country?.iso_code ?? '';
    if (known.size >= 65_536) known.clear();
    known.set(ip, code);
    return code;
  };
}

function systems(folder: string, sources: readonly Source[]): AsnTable {
  const origin = sources.map(({ path, version }) => `${version}:${statSync(path).size}`).join(' ');
  const cache = join(folder, CACHE);
  const kept = existsSync(cache) ? AsnTable.unpack(readFileSync(cache), origin) : undefined;
  if (kept) return kept;
  const table = AsnTable.parse(sources.map(({ path }) => readFileSync(path, 'utf8')));
  if (table.ranges === 0) {
    throw new ThymusError('BAD_FILE', `${sources[0]!.path} holds no ranges of addresses.`);
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // written beside and moved, as several threads may come to this at once
  const made = `${cache}.${randomUUID()}`;
  writeFileSync(made, table.pack(origin));
  renameSync(made, cache);
  return table;
}

/** Makers by prefix; the file is read when the first one is asked for. */
function vendors({ path }: Source): (mac: string) => string {
  let table: Record<string, string> | undefined;
  return (mac) => {
    table ??= reading(path, () => JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>);
    const hex = mac.replaceAll(/[^0-9a-fA-F]/g, '').toUpperCase();
    // the second-lowest bit of the first byte marks addresses that no maker has assigned
    if (hex.length !== 12 || (Number.parseInt(hex.slice(0, 2), 16) & 2) !== 0) return '';
    const entry = table[hex.slice(0, 9)] ?? table[hex.slice(0, 7)] ?? table[hex.slice(0, 6)];
    return typeof entry === 'string' ? entry.split('\n')[0]! : '';
  };
}

function domains(path: string): (hostname: string) => string {
  const find = existsSync(path) ? suffixList(readFileSync(path, 'utf8')) : (name: string) => getDomain(name);
  return (hostname) => {
    const name = hostname.toLowerCase().replace(/\.$/, '');
    return find(name) ?? name;
  };
}

/** Opens the reference data for a data folder. Throws BAD_FILE naming the file that cannot be used. */
export function loadReference(dataFolder: string): Reference {
  const folder = join(dataFolder, 'reference');
  const country = sourceOf(
    folder,
    'country.mmdb',
    `${COUNTRY}/geo-whois-asn-country.mmdb`,
    `${COUNTRY}/README.md`,
  );
  const asn = [4, 6].map((v) =>
    sourceOf(folder, `asn-ipv${v}.csv`, `${ASN}/asn-ipv${v}.csv`, `${ASN}/README.md`),
  );
  const oui = sourceOf(folder, 'oui.json', 'oui-data', 'oui-data');
  const list = join(folder, 'public_suffix_list.dat');
  const table = systems(folder, asn);
  return {
    country: countries(country),
    asn: (ip) => table.lookup(ip),
    vendor: vendors(oui),
    domain: domains(list),
    attributions: [
      {
        name: 'Countries of IP addresses',
        version: country.version,
        licence: 'CC0-1.0, made from data under CC-BY-4.0',
        attribution:
          'ip-location-db geo-whois-asn-country, made from geofeeds and from data of the Number Resource Organization (nro.net) and the regional registries.',
        url: 'https://github.com/sapics/ip-location-db',
      },
      {
        name: 'Autonomous systems of IP addresses',
        version: asn[0]!.version,
        licence: 'CC-BY-4.0',
        attribution:
          'IP Geolocation by DB-IP (db-ip.com), with data of RouteViews (routeviews.org) and the Number Resource Organization (nro.net); joined by ip-location-db.',
        url: 'https://db-ip.com',
      },
      {
        name: 'Makers of network cards',
        version: oui.version,
        licence: 'BSD-2-Clause',
        attribution: 'IEEE registration authority, as packaged by oui-data, © silverwind.',
        url: 'https://github.com/silverwind/oui-data',
      },
      {
        name: 'Public suffixes',
        version: existsSync(list) ? statSync(list).mtime.toISOString().slice(0, 10) : versionOf('tldts'),
        licence: 'MPL-2.0 (list), MIT (tldts)',
        attribution: 'Public Suffix List of the Mozilla Foundation, as packaged by tldts, © Rémi Berson.',
        url: 'https://publicsuffix.org',
      },
    ],
  };
}
