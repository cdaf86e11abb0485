/** The threat tray without its looks: which breaches are shown under a threshold, which are hidden and why, how they group. */
import { modelThen, type WireBreach } from '../../api/documented.ts';
import { shown } from '../../lib/hostile-text.ts';
import { percentOf } from '../../lib/score.ts';

export const CATEGORIES = ['Critical', 'Suspicious', 'Compliance', 'Informational'] as const;
export type CategoryChip = (typeof CATEGORIES)[number];

export const PIVOTS = ['model', 'device', 'none'] as const;
export type Pivot = (typeof PIVOTS)[number];

/** A breach as the tray lists it. */
export interface TrayBreach {
  pbid: number;
  time: number;
  /** Integer percent. */
  percent: number;
  score: number;
  /** "Anomalous Connection" and "Data Sent to Rare Domain" of "Anomalous Connection::Data Sent to Rare Domain". */
  folder: string;
  name: string;
  model: string;
  category: CategoryChip;
  tags: readonly string[];
  did: number;
  deviceName: string;
  ip: string;
  isAcknowledged: boolean;
  isSuppressed: boolean;
  comments: number;
}

export interface TrayFilter {
  /** Percent; breaches below are hidden. */
  min: number;
  categories: readonly CategoryChip[];
  /** Words that model, device or address must hold. */
  text: string;
  showAcknowledged: boolean;
  showSuppressed: boolean;
}

/** How many breaches each filter hides; a breach counts for the first that hides it. */
export interface Hidden {
  acknowledged: number;
  suppressed: number;
  category: number;
  text: number;
  belowSlider: number;
  total: number;
}

export interface Selection {
  shown: TrayBreach[];
  hidden: Hidden;
  /** Scores of everything that only the slider could hide, in 20 steps of 5 percent. */
  histogram: number[];
  /** Highest percent that the slider hides; undefined when it hides nothing. */
  bestHidden: number | undefined;
}

function categoryOf(breach: WireBreach): CategoryChip {
  const { category, compliance } = modelThen(breach);
  if (compliance) return 'Compliance';
  return CATEGORIES.find((c) => c === category) ?? 'Informational';
}

/** The best name there is for a device. */
export function deviceNameOf(device: {
  devicelabel?: string | undefined;
  label?: string | undefined;
  hostname?: string | undefined;
  ip?: string | undefined;
  did: number;
}): string {
  const given = device.devicelabel ?? device.label ?? device.hostname ?? device.ip;
  if (given) return given;
  return device.did < 0 ? 'Internal traffic' : `Device ${device.did}`;
}

/** Splits "Folder::Sub::Name" into the folders, joined by " / ", and the name. */
export function splitModelName(model: string): { folder: string; name: string } {
  const at = model.lastIndexOf('::');
  if (at < 0) return { folder: '', name: model };
  return { folder: model.slice(0, at).replaceAll('::', ' / '), name: model.slice(at + 2) };
}

/** Tags by the name of the model; short answers leave them out of the breaches themselves. */
export type TagsOf = ReadonlyMap<string, readonly string[]>;
const NO_TAGS: TagsOf = new Map();

export function toTrayBreach(breach: WireBreach, tagsOf = NO_TAGS): TrayBreach {
  const device = breach.device ?? { did: 0 };
  const { name: model, tags } = modelThen(breach);
  return {
    pbid: breach.pbid,
    time: breach.time,
    score: breach.score,
    percent: percentOf(breach.score),
    ...splitModelName(model),
    model,
    category: categoryOf(breach),
    tags: tags ?? tagsOf.get(model) ?? [],
    did: device.did,
    deviceName: deviceNameOf(device),
    ip: device.ip ?? '',
    isAcknowledged: breach.acknowledged === true,
    isSuppressed: breach.suppressed === true,
    comments: breach.commentCount,
  };
}

function holdsWords(breach: TrayBreach, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const text =
    `#${breach.pbid} ${breach.folder} ${breach.model} ${shown(breach.deviceName)} ${breach.ip} ${breach.tags.join(' ')}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

/** Highest score first, newest first among equals: done once, so that filters need not sort again. */
export const inTrayOrder = (breaches: readonly TrayBreach[]): TrayBreach[] =>
  breaches.toSorted((a, b) => b.percent - a.percent || b.time - a.time);

/** Applies the filters; the order stays. */
export function selectBreaches(breaches: readonly TrayBreach[], filter: TrayFilter): Selection {
  const hidden: Hidden = { acknowledged: 0, suppressed: 0, category: 0, text: 0, belowSlider: 0, total: 0 };
  const histogram = new Array<number>(20).fill(0);
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const list: TrayBreach[] = [];
  let bestHidden: number | undefined;
  for (const breach of breaches) {
    if (breach.isAcknowledged && !filter.showAcknowledged) hidden.acknowledged++;
    else if (breach.isSuppressed && !filter.showSuppressed) hidden.suppressed++;
    else if (filter.categories.length > 0 && !filter.categories.includes(breach.category)) hidden.category++;
    else if (!holdsWords(breach, words)) hidden.text++;
    else {
      histogram[Math.min(19, Math.floor(breach.percent / 5))]!++;
      if (breach.percent >= filter.min) list.push(breach);
      else {
        hidden.belowSlider++;
        bestHidden = Math.max(bestHidden ?? 0, breach.percent);
      }
    }
  }
  hidden.total = breaches.length - list.length;
  return { shown: list, hidden, histogram, bestHidden };
}

export interface Group {
  key: string;
  pivot: 'model' | 'device';
  title: string;
  subtitle: string;
  did: number;
  /** Top score for models; combined score for devices. */
  percent: number;
  first: number;
  last: number;
  members: TrayBreach[];
  /** Breaches per twelfth of the window. */
  spark: number[];
}

/**
 * Score of a device from its breaches: 1 - product of (1 - 0.8 × score) over distinct models, compliance at half weight.
 */
export function deviceScore(breaches: readonly TrayBreach[]): number {
  const worst = new Map<string, number>();
  for (const { model, score, category } of breaches) {
    const weighed = category === 'Compliance' ? score / 2 : score;
    worst.set(model, Math.max(worst.get(model) ?? 0, weighed));
  }
  let calm = 1;
  for (const score of worst.values()) calm *= 1 - 0.8 * score;
  return 1 - calm;
}

/** Groups breaches in tray order by model or device, the highest group first; the order within a group stays. */
export function groupBreaches(
  breaches: readonly TrayBreach[],
  pivot: 'model' | 'device',
  window: { from: number; to: number },
): Group[] {
  const byKey = new Map<string, TrayBreach[]>();
  for (const breach of breaches) {
    const key = pivot === 'model' ? breach.model : String(breach.did);
    const members = byKey.get(key);
    if (members) members.push(breach);
    else byKey.set(key, [breach]);
  }
  const groups = [...byKey].map(([key, members]) => toGroup(key, members, pivot, window));
  return groups.sort((a, b) => b.percent - a.percent || b.last - a.last);
}

function toGroup(
  key: string,
  members: TrayBreach[],
  pivot: 'model' | 'device',
  window: { from: number; to: number },
): Group {
  const top = members[0]!;
  const spark = new Array<number>(12).fill(0);
  let first = Infinity;
  let last = -Infinity;
  for (const { time } of members) {
    first = Math.min(first, time);
    last = Math.max(last, time);
    const part = Math.floor(((time - window.from) / (window.to - window.from)) * 12);
    spark[Math.min(11, Math.max(0, part))]!++;
  }
  const isModel = pivot === 'model';
  return {
    key,
    pivot,
    title: isModel ? top.name : top.deviceName,
    subtitle: isModel ? top.folder : top.ip === top.deviceName ? '' : top.ip,
    did: top.did,
    percent: isModel ? top.percent : percentOf(deviceScore(members)),
    first,
    last,
    members,
    spark,
  };
}

/** A line of the list. */
export type Row =
  | { kind: 'group'; group: Group; isOpen: boolean }
  | { kind: 'breach'; breach: TrayBreach; isInGroup: boolean };

export const rowKey = (row: Row): string =>
  row.kind === 'group' ? `g ${row.group.key}` : `b ${row.breach.pbid}`;

/** Lines to draw: groups with the members of those that are open; a model with a single breach is that breach. */
export function toRows(groups: readonly Group[], open: ReadonlySet<string>): Row[] {
  return groups.flatMap((group) => {
    const only = group.members.length === 1 && group.pivot === 'model' ? group.members[0] : undefined;
    if (only) return [{ kind: 'breach', breach: only, isInGroup: false } as const];
    const isOpen = open.has(group.key);
    const head: Row = { kind: 'group', group, isOpen };
    if (!isOpen) return [head];
    return [head, ...group.members.map((breach): Row => ({ kind: 'breach', breach, isInGroup: true }))];
  });
}

/** Where the selection goes when the line it stood on has left: the same place, or the last line. */
export function nextSelection(rows: readonly Row[], selected: string, before: readonly Row[]): string {
  if (rows.some((row) => rowKey(row) === selected)) return selected;
  const at = before.findIndex((row) => rowKey(row) === selected);
  const row = rows[Math.min(Math.max(0, at), rows.length - 1)];
  return row ? rowKey(row) : '';
}
