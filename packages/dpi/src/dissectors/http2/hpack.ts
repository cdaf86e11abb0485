/** Header compression of HTTP/2: one decoder for each direction. RFC 7541. */
import { fieldText } from '../../text.ts';
import { decodeHuffman } from './huffman.ts';

export type Field = readonly [name: string, value: string];

/** RFC 7541 appendix A: names, with the values some have. */
const STATIC: readonly Field[] =
  ':authority|:method GET|:method POST|:path /|:path /index.html|:scheme http|:scheme https|:status 200|:status 204|:status 206|:status 304|:status 400|:status 404|:status 500|accept-charset|accept-encoding gzip, deflate|accept-language|accept-ranges|accept|access-control-allow-origin|age|allow|authorization|cache-control|content-disposition|content-encoding|content-language|content-length|content-location|content-range|content-type|cookie|date|etag|expect|expires|from|host|if-match|if-modified-since|if-none-match|if-range|if-unmodified-since|last-modified|link|location|max-forwards|proxy-authenticate|proxy-authorization|range|referer|refresh|retry-after|server|set-cookie|strict-transport-security|transfer-encoding|user-agent|vary|via|www-authenticate'
    .split('|')
    .map((entry): Field => {
      const space = entry.indexOf(' ');
      return space < 0 ? [entry, ''] : [entry.slice(0, space), entry.slice(space + 1)];
    });

/** Bytes of the table until an encoder says otherwise, and at most. */
const DEFAULT_SIZE = 4_096;
const LARGEST_SIZE = 65_536;
/** What an entry counts beyond its name and value. */
const OVERHEAD = 32;
/** Fields of one block. */
const MOST_FIELDS = 512;

const sizeOf = ([name, value]: Field): number => name.length + value.length + OVERHEAD;

export class HpackDecoder {
  /** Newest first. */
  #table: Field[] = [];
  #size = 0;
  #limit = DEFAULT_SIZE;
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #isBroken = false;

  /** The fields of a block; undefined if it is broken, and with it all blocks to come. */
  decode(block: Uint8Array): Field[] | undefined {
    const fields: Field[] = [];
    this.#bytes = block;
    this.#at = 0;
    while (this.#at < block.length && !this.#isBroken && fields.length < MOST_FIELDS) {
      const field = this.#next(block[this.#at]!);
      if (field) fields.push(field);
    }
    return this.#isBroken ? undefined : fields;
  }

  /** One instruction; those that change the size of the table are no fields. */
  #next(first: number): Field | undefined {
    if (first >= 0x80) return this.#entry(this.#integer(7));
    if (first >= 0x40) {
      const field = this.#literal(6);
      this.#add(field);
      return field;
    }
    if (first >= 0x20) {
      this.#limit = this.#integer(5);
      if (this.#limit > LARGEST_SIZE) this.#isBroken = true;
      this.#evict();
      return undefined;
    }
    return this.#literal(4);
  }

  #literal(prefix: number): Field {
    const index = this.#integer(prefix);
    const name = index > 0 ? this.#entry(index)[0] : this.#text();
    return [name, this.#text()];
  }

  #entry(index: number): Field {
    const field = index <= STATIC.length ? STATIC[index - 1] : this.#table[index - STATIC.length - 1];
    if (!field) this.#isBroken = true;
    return field ?? ['', ''];
  }

  #add(field: Field): void {
    this.#table.unshift(field);
    this.#size += sizeOf(field);
    this.#evict();
  }

  #evict(): void {
    while (this.#size > this.#limit) {
      const oldest = this.#table.pop();
      this.#size -= oldest ? sizeOf(oldest) : this.#size;
    }
  }

  #text(): string {
    const isCoded = (this.#bytes[this.#at] ?? 0) >= 0x80;
    const length = this.#integer(7);
    const end = this.#at + length;
    if (end > this.#bytes.length) this.#isBroken = true;
    if (this.#isBroken) return '';
    const plain = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    const text = isCoded ? decodeHuffman(plain) : plain;
    if (!text) this.#isBroken = true;
    return text ? fieldText(text) : '';
  }

  /** An integer whose first byte has room for `prefix` bits. RFC 7541 §5.1. */
  #integer(prefix: number): number {
    const most = 2 ** prefix - 1;
    let value = (this.#bytes[this.#at++] ?? 0) & most;
    if (value < most) return value;
    for (let shift = 0; shift <= 21; shift += 7) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) break;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    this.#isBroken = true;
    return 0;
  }
}
