/** Makes text from attackers safe to look at: characters that hide, reorder or control are shown by their code point. */

/** One stretch of text; `isMarked` stretches are code points that would not have been visible. */
export interface TextPart {
  text: string;
  isMarked: boolean;
}

/**
 * Controls, format characters (bidi, zero width, tags), line separators, surrogates without partner, private use, and
 * letters that render as nothing (Hangul fillers, Braille blank, variation selectors).
 */
const INVISIBLE =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\u115f\u1160\u2800\u3164\uffa0]|\u034f|\u17b4|\u17b5|[\ufe00-\ufe0f]/gu;

function codePointName(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}

/** Splits text into plain and marked stretches; anything that is no string is written as one first. */
export function partsOf(value: unknown): TextPart[] {
  const text = typeof value === 'string' ? value : String(value ?? '');
  const parts: TextPart[] = [];
  let at = 0;
  for (const match of text.matchAll(INVISIBLE)) {
    if (match.index > at) parts.push({ text: text.slice(at, match.index), isMarked: false });
    parts.push({ text: codePointName(match[0]), isMarked: true });
    at = match.index + match[0].length;
  }
  if (at < text.length) parts.push({ text: text.slice(at), isMarked: false });
  return parts;
}

/** The same as one string, for titles, labels and the clipboard of humans. */
export function shown(value: unknown): string {
  return partsOf(value)
    .map((part) => part.text)
    .join('');
}

/** Cuts the middle out of a long text, as both ends of host names and paths tell most; at least 5 characters stay. */
export function cutMiddle(text: string, most: number): string {
  const characters = [...text];
  const room = Math.max(5, most);
  if (characters.length <= room) return text;
  const head = Math.ceil((room - 1) / 2);
  return `${characters.slice(0, head).join('')}…${characters.slice(characters.length - (room - 1 - head)).join('')}`;
}

/** An address that nobody opens by accident: `hxxps://evil[.]example`, `10[.]0[.]0[.]1`. */
export function defang(text: string): string {
  return shown(text)
    .replace(/^http/i, 'hxxp')
    .replaceAll('.', '[.]')
    .replaceAll('@', '[@]')
    .replace(/^([0-9a-f:]*:[0-9a-f:]*)$/i, (v6) => v6.replaceAll(':', '[:]'));
}
