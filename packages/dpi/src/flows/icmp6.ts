/** What is broken inside ICMPv6: neighbour discovery (RFC 4861) and multicast listener reports (RFC 3810). */

/** Tells a name; `isLoose` for those that Zeek does not tie to a connection. */
type Tell = (name: string, isLoose: boolean, detail?: string) => void;

/** Where the options of a neighbour discovery message begin, counted from behind the ICMP header. */
const OPTIONS: Readonly<Record<number, readonly [name: string, offset: number]>> = {
  133: ['rs', 0],
  134: ['ra', 8],
  135: ['ns', 16],
  136: ['na', 16],
  137: ['redirect', 32],
};
const LISTENER_REPORT = 143;

/** Checks the body of a message: `from` is where its ICMP header of 8 bytes starts, `to` where what was captured ends. */
export function checkIcmp6(b: Uint8Array, from: number, to: number, tell: Tell): void {
  const type = b[from]!;
  if (type === LISTENER_REPORT) checkListenerReport(b, from, to, tell);
  const options = OPTIONS[type];
  if (!options) return;
  const [name, offset] = options;
  if (to - from - 8 < offset)
    tell(`icmp6_${name}_bad_opt_offset`, true, `${offset} (length ${to - from - 8})`);
  else checkOptions(b, from + 8 + offset, to, tell);
}

function checkOptions(b: Uint8Array, from: number, to: number, tell: Tell): void {
  for (let at = from; at < to; at += b[at + 1]! * 8) {
    if (to - at < 2) {
      tell('truncated_ICMPv6_ND_options', false);
      return;
    }
    if (b[at + 1] === 0) {
      tell('zero_length_ICMPv6_ND_option', false);
      return;
    }
  }
}

function checkListenerReport(b: Uint8Array, from: number, to: number, tell: Tell): void {
  const count = (b[from + 6]! << 8) | b[from + 7]!;
  let at = from + 8;
  if (to - at < count * 20) {
    tell('truncated_ICMPv6_MLDv2', false);
    return;
  }
  for (let i = 0; i < count && at < to; i++) {
    const size = to - at < 4 ? 0 : 20 + ((b[at + 2]! << 8) | b[at + 3]!) * 16 + b[at + 1]! * 4;
    if (size === 0 || size > to - at) {
      tell('truncated_ICMPv6_MLDv2_record', false);
      return;
    }
    at += size;
  }
}
