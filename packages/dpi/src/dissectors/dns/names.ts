/** Domain names in messages, with compression. RFC 1035 §3.1 and §4.1.4; NetBIOS names RFC 1001 §14.1. */
import { fieldText } from '../../text.ts';

/** Longest name that is kept; the standard allows 255. */
const MAX_NAME = 512;
const scratch = new Uint8Array(MAX_NAME);

/** A cursor over one message. Reading past the end sets `failed` to the name of the weird. */
export class DnsReader {
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;
  end = 0;
  failed: string | undefined;

  reset(bytes: Uint8Array, from = 0, to = bytes.length): this {
    this.bytes = from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to);
    this.at = 0;
    this.end = to - from;
    this.failed = undefined;
    return this;
  }

  u8(): number {
    if (this.at >= this.end) return this.fail('DNS_truncated_RR_rdlength_lt_len');
    return this.bytes[this.at++]!;
  }

  u16(): number {
    if (this.at + 2 > this.end) return this.fail('DNS_truncated_ans_too_short');
    this.at += 2;
    return (this.bytes[this.at - 2]! << 8) | this.bytes[this.at - 1]!;
  }

  u32(): number {
    return this.u16() * 0x10000 + this.u16();
  }

  fail(weird: string): 0 {
    this.failed ??= weird;
    this.at = this.end;
    return 0;
  }

  /**
   * Reads a name and moves past it. Labels are joined by dots and in lower case, the root is `.`. Pointers must lead
   * strictly backwards, so no message can make them loop.
   */
  name(): string {
    const length = this.#collect();
    if (length === 0) return this.failed ? '' : '.';
    return fieldText(scratch, 0, length - 1);
  }

  /** Moves past a name. */
  skipName(): void {
    this.#collect();
  }

  /** Copies the labels, a dot behind each, into `scratch`; gives the length. */
  #collect(): number {
    const b = this.bytes;
    let [at, limit, length] = [this.at, this.end, 0];
    let resume = -1;
    while (!this.failed) {
      if (at >= limit) return this.fail('DNS_label_len_gt_pkt');
      const size = b[at]!;
      if (size === 0) {
        this.at = resume < 0 ? at + 1 : resume;
        break;
      }
      if (size >= 0xc0) {
        if (at + 1 >= limit) return this.fail('DNS_label_len_gt_pkt');
        const target = ((size & 0x3f) << 8) | b[at + 1]!;
        if (target >= at) return this.fail('DNS_label_forward_compress_offset');
        if (resume < 0) resume = at + 2;
        limit = at;
        at = target;
        continue;
      }
      if (size > 63) return this.fail('DNS_label_too_long');
      if (at + 1 + size > limit) return this.fail('DNS_label_len_gt_pkt');
      if (length + size + 1 > MAX_NAME) return this.fail('DNS_NAME_too_long');
      length = copyLower(b, at + 1, size, length);
      at += 1 + size;
    }
    return length;
  }
}

function copyLower(from: Uint8Array, at: number, size: number, to: number): number {
  for (let i = 0; i < size; i++) {
    const c = from[at + i]!;
    scratch[to + i] = c >= 65 && c <= 90 ? c + 32 : c;
  }
  scratch[to + size] = 46;
  return to + size + 1;
}

/** The name behind a NetBIOS first-level encoding, without its type byte; the text itself if it is none. */
export function netbiosName(text: string): string {
  const dot = text.indexOf('.');
  if ((dot < 0 ? text.length : dot) !== 32) return text;
  let name = '';
  for (let i = 0; i < 30; i += 2) {
    const [high, low] = [text.charCodeAt(i) - 97, text.charCodeAt(i + 1) - 97];
    if (high < 0 || high > 15 || low < 0 || low > 15) return text;
    name += String.fromCharCode((high << 4) | low);
  }
  let end = name.length;
  while (end > 0 && (name[end - 1] === ' ' || name[end - 1] === '\0')) end--;
  return end > 0 ? name.slice(0, end) : text;
}
