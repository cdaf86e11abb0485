/** IP addresses as text and bytes, and address ranges. RFC 4291, RFC 5952 for the canonical text. */

const V4_PREFIX = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

/** Writes an IPv4 address into the last 4 of 16 bytes; false if the text is none. */
function parseV4(text: string, out: Uint8Array, at: number): boolean {
  let value = -1;
  let parts = 0;
  for (let i = 0; i <= text.length; i++) {
    const c = i < text.length ? text.charCodeAt(i) : 46;
    if (c === 46) {
      if (value < 0 || value > 255 || parts === 4) return false;
      out[at + parts++] = value;
      value = -1;
    } else if (c >= 48 && c <= 57) {
      value = (value < 0 ? 0 : value) * 10 + c - 48;
      if (value > 255) return false;
    } else return false;
  }
  return parts === 4;
}

function parseV6(text: string, out: Uint8Array, at: number): boolean {
  const zone = text.indexOf('%');
  const halves = (zone < 0 ? text : text.slice(0, zone)).split('::');
  if (halves.length > 2) return false;
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  const bytes: number[][] = [];
  for (const [index, list] of groups.entries()) {
    const half: number[] = [];
    for (const [i, group] of list.entries()) {
      if (group.includes('.')) {
        const four = new Uint8Array(4);
        const isLast = index === groups.length - 1 && i === list.length - 1;
        if (!isLast || !parseV4(group, four, 0)) return false;
        half.push(...four);
      } else if (/^[0-9a-fA-F]{1,4}$/.test(group)) {
        const n = Number.parseInt(group, 16);
        half.push(n >> 8, n & 255);
      } else return false;
    }
    bytes.push(half);
  }
  const [front, back] = [bytes[0] ?? [], bytes[1] ?? []];
  if (halves.length === 1 ? front.length !== 16 : front.length + back.length > 14) return false;
  out.fill(0, at, at + 16);
  out.set(front, at);
  out.set(back, at + 16 - back.length);
  return true;
}

/** Writes a dotted quad as the 16 bytes of its mapped form; false for any other text, with some of them spoilt. */
export function writeMappedV4(text: string, out: Uint8Array, at: number): boolean {
  if (!parseV4(text, out, at + 12)) return false;
  out.fill(0, at, at + 10);
  out[at + 10] = 0xff;
  out[at + 11] = 0xff;
  return true;
}

/** The 16 bytes of an address, IPv4 mapped into ::ffff:0:0/96; undefined for text that is no address. */
export function parseAddress(text: string): Uint8Array | undefined {
  const out = new Uint8Array(16);
  if (text.includes(':')) return parseV6(text, out, 0) ? out : undefined;
  out.set(V4_PREFIX);
  return parseV4(text, out, 12) ? out : undefined;
}

const DECIMAL = Array.from({ length: 256 }, (_, i) => String(i));

/** Text of the IPv4 address in 4 bytes. */
export const formatV4 = (b: Uint8Array, at: number): string =>
  `${DECIMAL[b[at]!]}.${DECIMAL[b[at + 1]!]}.${DECIMAL[b[at + 2]!]}.${DECIMAL[b[at + 3]!]}`;

/** True for an IPv4 address mapped into 16 bytes. */
export function isMappedV4(b: Uint8Array, at = 0): boolean {
  for (let i = 0; i < 10; i++) if (b[at + i] !== 0) return false;
  return b[at + 10] === 0xff && b[at + 11] === 0xff;
}

function formatV6(b: Uint8Array, at: number): string {
  const groups: number[] = [];
  for (let i = 0; i < 16; i += 2) groups.push((b[at + i]! << 8) | b[at + i + 1]!);
  let [from, length] = [-1, 1];
  for (let i = 0; i < 8; i++) {
    let n = 0;
    while (i + n < 8 && groups[i + n] === 0) n++;
    if (n > length) [from, length] = [i, n];
  }
  const hex = (list: number[]) => list.map((g) => g.toString(16)).join(':');
  return from < 0 ? hex(groups) : `${hex(groups.slice(0, from))}::${hex(groups.slice(from + length))}`;
}

/** Canonical text of the 16 bytes at `at`; mapped IPv4 as dotted quad. */
export const formatAddress = (b: Uint8Array, at = 0): string =>
  isMappedV4(b, at) ? formatV4(b, at + 12) : formatV6(b, at);

/** The canonical text of an address, or undefined. */
export function canonicalAddress(text: string): string | undefined {
  const bytes = parseAddress(text);
  return bytes && formatAddress(bytes);
}

export interface AddressRange {
  /** As given, with the prefix length: "10.0.0.0/8". */
  readonly text: string;
  readonly bytes: Uint8Array;
  /** Prefix length within the 128-bit form. */
  readonly bits: number;
}

/** A range from CIDR text or a single address; undefined if it is neither. */
export function parseRange(text: string): AddressRange | undefined {
  const slash = text.indexOf('/');
  const bytes = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (!bytes) return undefined;
  const isV4 = isMappedV4(bytes);
  const length = slash < 0 ? (isV4 ? 32 : 128) : Number(text.slice(slash + 1));
  if (!Number.isInteger(length) || length < 0 || length > (isV4 ? 32 : 128)) return undefined;
  return { text: slash < 0 ? `${text}/${length}` : text, bytes, bits: isV4 ? length + 96 : length };
}

/** True if the 16 bytes at `at` lie in the range. */
export function rangeContains(range: AddressRange, b: Uint8Array, at = 0): boolean {
  const whole = range.bits >> 3;
  for (let i = 0; i < whole; i++) if (b[at + i] !== range.bytes[i]) return false;
  const rest = range.bits & 7;
  return rest === 0 || ((b[at + whole]! ^ range.bytes[whole]!) & (0xff << (8 - rest)) & 0xff) === 0;
}

/** What counts as internal unless configured: private, shared, link-local and unique local space. */
export const PRIVATE_RANGES: readonly AddressRange[] = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '127.0.0.0/8',
  'fc00::/7',
  'fe80::/10',
  '::1/128',
].map((text) => parseRange(text)!);

export type AddressScope = 'internal' | 'external' | 'multicast' | 'broadcast' | 'unspecified';

/** Sorts addresses into scopes and remembers the answers of the last few thousand. */
export class NetworkScope {
  readonly #ranges: readonly AddressRange[];
  readonly #known = new Map<string, AddressScope>();

  constructor(internal: readonly AddressRange[] = PRIVATE_RANGES) {
    this.#ranges = internal;
  }

  /** Scope of an address given as canonical text; text that is no address is `unspecified`. */
  of(address: string): AddressScope {
    const known = this.#known.get(address);
    if (known) return known;
    const scope = this.#scopeOf(address);
    if (this.#known.size >= 65_536) this.#known.clear();
    this.#known.set(address, scope);
    return scope;
  }

  isInternal(address: string): boolean {
    return this.of(address) === 'internal';
  }

  #scopeOf(address: string): AddressScope {
    const b = parseAddress(address);
    if (!b) return 'unspecified';
    if (isMappedV4(b)) {
      if (address === '255.255.255.255') return 'broadcast';
      if (address === '0.0.0.0') return 'unspecified';
      if (b[12]! >= 224 && b[12]! < 240) return 'multicast';
    } else {
      if (address === '::') return 'unspecified';
      if (b[0] === 0xff) return 'multicast';
    }
    return this.#ranges.some((range) => rangeContains(range, b)) ? 'internal' : 'external';
  }
}
