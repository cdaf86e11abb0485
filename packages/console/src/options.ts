/** Options that many commands share. */
import { Command, InvalidArgumentError } from 'commander';

/** Where data lies unless told otherwise. */
export const DEFAULT_FOLDER = './thymus-data';

export const dataFolder = (): string => process.env['THYMUS_DATA'] ?? DEFAULT_FOLDER;

/** A command that works on a data folder. */
export const folderCommand = (name: string, description: string): Command =>
  new Command(name)
    .description(description)
    .option('--data <dir>', 'data folder (THYMUS_DATA)', dataFolder());

export const jsonOption = ['--json', 'print JSON: lists one object per line'] as const;

/** A duration such as 24h, 7d, 90m or 30s, in ms. */
export function parseDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(s|m|h|d|w)$/.exec(text);
  if (!match) throw new InvalidArgumentError('Expected a duration such as 30m, 24h or 7d.');
  return (
    Number(match[1]) * { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }[match[2] as 's']!
  );
}

export function parseWhole(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Expected a whole number.');
  return Number(text);
}

/** A score as 0-1 or as percent. */
export function parseScore(text: string): number {
  const value = Number(text.replace(/%$/, ''));
  if (!(value >= 0 && value <= 100)) throw new InvalidArgumentError('Expected a score from 0 to 100.');
  return value > 1 || text.endsWith('%') ? value / 100 : value;
}

export const collect = (value: string, list: string[]): string[] => [...list, ...value.split(',')];
