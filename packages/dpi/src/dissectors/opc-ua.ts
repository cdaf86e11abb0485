/** OPC UA over TCP: recognised by its Hello or the answer to it. OPC 10000-6 §7.1.2. */
import { recognise } from './recognition.ts';

/** Three letters of the kind and `F`; a Hello may come from either side. */
const KINDS: readonly string[] = ['HELF', 'ACKF', 'RHEF', 'ERRF'];
const HEADER = 8;
const MOST_LENGTH = 65_536;

const kindOf = (bytes: Uint8Array): string =>
  String.fromCharCode(bytes[0] ?? 0, bytes[1] ?? 0, bytes[2] ?? 0, bytes[3] ?? 0);

const isOpcUa = (bytes: Uint8Array): boolean =>
  bytes.length >= HEADER &&
  KINDS.includes(kindOf(bytes)) &&
  bytes[6] === 0 &&
  bytes[7] === 0 &&
  (bytes[4]! | (bytes[5]! << 8)) >= HEADER &&
  bytes.length <= MOST_LENGTH;

export const opcUa = recognise({
  name: 'opc-ua',
  transports: ['tcp'],
  ports: [4840],
  begins: (first) => KINDS.some((kind) => kind.charCodeAt(0) === first),
  asks: (bytes) => (isOpcUa(bytes) ? 1 : 0),
});
