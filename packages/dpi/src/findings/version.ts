/** Name and version of a program from the text it calls itself by: user agents, banners, Server headers. After Zeek's software.log. */
import type { Software } from '@thymus/core';

export type Version = Pick<
  Software,
  'name' | 'version_major' | 'version_minor' | 'version_minor2' | 'version_minor3' | 'version_addl'
>;

const MOST_NAME = 80;
const MOST_ADDITION = 40;

/** What follows a name: up to four numbers, and what is left of the word or stands in brackets behind it. */
const NUMBERS =
  /^v?(\d{1,9})(?:[._-](\d{1,9}))?(?:[._-](\d{1,9}))?(?:[._-](\d{1,9}))?([\w.+~-]*)(?: \(([^)]*)\))?/i;
/** A name, and where its version begins: after a slash, an underscore, a dash or a space. */
const NAMED = /^([^\d/;(][^/;(]{0,80}?)[/_ -]+(?=v?\d)/i;
const NAME_ONLY = /^[^/;(]+/;

/** Programs that call themselves Mozilla, the most telling name first: each imitates those below it. */
const BROWSERS: readonly (readonly [name: string, mark: RegExp])[] = [
  ['Edge', /\b(?:Edge|Edg|EdgA|EdgiOS)\/(?=\d)/],
  ['Opera', /\bOPR\/(?=\d)/],
  ['SamsungBrowser', /\bSamsungBrowser\/(?=\d)/],
  ['Thunderbird', /\bThunderbird\/(?=\d)/],
  ['Firefox', /\b(?:Firefox|FxiOS)\/(?=\d)/],
  ['Chromium', /\bChromium\/(?=\d)/],
  ['Chrome', /\b(?:Chrome|CriOS)\/(?=\d)/],
  ['MSIE', /\bMSIE (?=\d)|\bTrident\/.*\brv:(?=\d)/],
  ['Safari', /\bVersion\/(?=\d[\w.]* (?:Mobile\/\w+ )?Safari)/],
];

function numbers(name: string, text: string): Version {
  const version: Version = { name: name.slice(0, MOST_NAME) };
  const found = NUMBERS.exec(text);
  if (!found) return version;
  const [, major, minor, minor2, minor3, rest, bracket] = found;
  if (major !== undefined) version.version_major = Number(major);
  if (minor !== undefined) version.version_minor = Number(minor);
  if (minor2 !== undefined) version.version_minor2 = Number(minor2);
  if (minor3 !== undefined) version.version_minor3 = Number(minor3);
  const addition = rest?.replace(/^[._-]+/, '') || bracket;
  if (addition) version.version_addl = addition.slice(0, MOST_ADDITION);
  return version;
}

/** Reads the text; undefined if no name is in it. */
export function readVersion(text: string): Version | undefined {
  if (text.startsWith('Mozilla/')) {
    for (const [name, mark] of BROWSERS) {
      const found = mark.exec(text);
      if (found) return numbers(name, text.slice(found.index + found[0].length));
    }
  }
  const named = NAMED.exec(text);
  if (named) return numbers(named[1]!.trim(), text.slice(named[0].length));
  const name = NAME_ONLY.exec(text)?.[0].trim();
  return name ? { name: name.slice(0, MOST_NAME) } : undefined;
}

/** Name and version as one text, which tells programs apart that call themselves differently each time. */
export const versionKey = (v: Version): string =>
  `${v.name} ${v.version_major ?? ''}.${v.version_minor ?? ''}.${v.version_minor2 ?? ''}.${v.version_minor3 ?? ''}${v.version_addl ?? ''}`;
