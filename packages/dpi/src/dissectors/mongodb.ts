/** MongoDB: recognised by its message header and the document behind it. MongoDB manual, "Wire Protocol". */
import { Reader } from '@thymus/core';
import { latin1Text } from '../text.ts';
import { recognise } from './recognition.ts';

const HEADER = 16;
/** The server's own limit of a message. */
const LONGEST = 48_000_000;

const REPLY = 1;
const QUERY = 2004;
const COMPRESSED = 2012;
const MESSAGE = 2013;

/** Flags of a message that a reader must know: checksum, more to come. */
const KNOWN_FLAGS = 0x1_0003;
/** Least bytes of a document. */
const LEAST_DOCUMENT = 5;

const isDocument = (length: number, left: number): boolean => length >= LEAST_DOCUMENT && length <= left;

/** What stands behind the header fits what the header says. */
function fits(bytes: Uint8Array): boolean {
  const r = new Reader(bytes);
  const length = r.u32le();
  r.skip(8);
  const operation = r.u32le();
  if (r.bad || length <= HEADER + LEAST_DOCUMENT || length > LONGEST) return false;
  const flags = r.u32le();
  if (operation === MESSAGE) {
    const isBody = r.u8() === 0;
    return isBody && (flags & ~KNOWN_FLAGS) === 0 && isDocument(r.u32le(), length - HEADER - 5) && !r.bad;
  }
  if (operation === COMPRESSED) return (flags === MESSAGE || flags === QUERY) && bytes[24]! <= 3;
  if (operation === QUERY)
    return latin1Text(bytes, r.at, Math.min(bytes.length, r.at + 64)).includes('.$cmd\0');
  r.skip(16);
  return operation === REPLY && isDocument(r.u32le(), length - HEADER - 20) && !r.bad;
}

export const mongodb = recognise({
  name: 'mongodb',
  transports: ['tcp'],
  ports: [27_017, 27_018, 27_019],
  asks: (bytes) => (bytes.length < 26 ? 0 : fits(bytes) ? 1 : 0),
});
