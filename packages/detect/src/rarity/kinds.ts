/** The kinds of values whose rarity is known, and how many of each are kept. */
import { type Entry, RarityTable } from './table.ts';

/** Sizes follow the growth of such values in networks of 10,000 devices; a slot takes about 150 bytes. */
const CAPS = {
  domain: 200_000,
  ip: 200_000,
  asn: 20_000,
  country: 300,
  port: 20_000,
  ja3: 20_000,
  agent: 50_000,
  credential: 50_000,
  operation: 20_000,
  share: 50_000,
  model: 2_000,
} as const;

export type RarityKind = keyof typeof CAPS;
const KINDS = Object.keys(CAPS) as RarityKind[];

export type RarityState = Record<RarityKind, Map<string, Entry>>;
export type Rarity = Readonly<Record<RarityKind, RarityTable>>;

export const rarityTables = (saved?: RarityState): Rarity =>
  Object.fromEntries(KINDS.map((kind) => [kind, new RarityTable(CAPS[kind], saved?.[kind])])) as Rarity;

export const rarityState = (tables: Rarity): RarityState =>
  Object.fromEntries(KINDS.map((kind) => [kind, tables[kind].state])) as RarityState;
