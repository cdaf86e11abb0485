/** What the simulated office says: TLS, HTTP, DNS and NTP as far as a sensor reads them, noise for the rest. */
import type { Conn, Dns, Http, LogRecord, Random, Ssl } from '../../packages/core/src/index.ts';

/** One side speaks. */
export interface Speech {
  isUp: boolean;
  bytes: Buffer;
}

/** A connection's payload in order; `others` are the records of its protocols. `up` and `down` in bytes. */
export function speeches(
  conn: Conn,
  others: readonly LogRecord[],
  up: number,
  down: number,
  noise: Noise,
): Speech[] {
  const first = others[0];
  if (first?.kind === 'ssl') return tls(first, up, down, noise);
  if (first?.kind === 'http') return http(first, up, down, noise);
  if (first?.kind === 'dns') return dns(first);
  if (conn.service === 'ntp') return ntp(noise);
  return [
    { isUp: true, bytes: noise.take(up) },
    { isUp: false, bytes: noise.take(down) },
  ].filter(({ bytes }) => bytes.length > 0);
}

/** Bytes without meaning, as encryption leaves them. */
export class Noise {
  readonly #bytes = Buffer.allocUnsafe(1_048_576);
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
    for (let at = 0; at < this.#bytes.length; at += 4) this.#bytes.writeUInt32LE(random.u32(), at);
  }

  /** A view, at most half a megabyte. */
  take(length: number): Buffer {
    const size = Math.min(length, this.#bytes.length / 2);
    const at = this.#random.integer(0, this.#bytes.length - size);
    return this.#bytes.subarray(at, at + size);
  }
}

const u8 = (n: number): Buffer => Buffer.from([n]);
const u16 = (...numbers: number[]): Buffer => Buffer.from(numbers.flatMap((n) => [n >> 8, n & 255]));
/** A vector with its length before it, in 1, 2 or 3 bytes. */
function sized(width: 1 | 2 | 3, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const length = Buffer.alloc(width);
  length.writeUIntBE(body.length, 0, width);
  return Buffer.concat([length, body]);
}
const extension = (type: number, ...parts: Buffer[]): Buffer =>
  Buffer.concat([u16(type), sized(2, ...parts)]);
const tlsRecord = (type: number, ...parts: Buffer[]): Buffer =>
  Buffer.concat([u8(type), u16(0x0303), sized(2, ...parts)]);

const HANDSHAKE = 22;
const CHANGE_CIPHER_SPEC = 20;
const APPLICATION_DATA = 23;
const RECORD = 16_384;

function tls({ server_name }: Ssl, up: number, down: number, noise: Noise): Speech[] {
  const session = sized(1, noise.take(32));
  const hello = Buffer.concat([
    u16(0x0303),
    noise.take(32),
    session,
    sized(2, u16(0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0x009c, 0x002f)),
    sized(1, u8(0)),
    sized(
      2,
      extension(0, sized(2, u8(0), sized(2, Buffer.from(server_name ?? 'localhost')))),
      extension(23),
      extension(10, sized(2, u16(29, 23, 24))),
      extension(11, sized(1, u8(0))),
      extension(16, sized(2, sized(1, Buffer.from('h2')), sized(1, Buffer.from('http/1.1')))),
      extension(13, sized(2, u16(0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501))),
      extension(51, sized(2, u16(29), sized(2, noise.take(32)))),
      extension(43, sized(1, u16(0x0304, 0x0303))),
    ),
  ]);
  const answer = Buffer.concat([
    u16(0x0303),
    noise.take(32),
    session,
    u16(0x1301),
    u8(0),
    sized(2, extension(43, u16(0x0304)), extension(51, u16(29), sized(2, noise.take(32)))),
  ]);
  const change = tlsRecord(CHANGE_CIPHER_SPEC, u8(1));
  return [
    { isUp: true, bytes: tlsRecord(HANDSHAKE, u8(1), sized(3, hello)) },
    {
      isUp: false,
      bytes: Buffer.concat([
        tlsRecord(HANDSHAKE, u8(2), sized(3, answer)),
        change,
        ...encrypted(3_000, noise),
      ]),
    },
    { isUp: true, bytes: Buffer.concat([change, ...encrypted(58, noise), ...encrypted(up, noise)]) },
    { isUp: false, bytes: Buffer.concat(encrypted(down, noise)) },
  ];
}

function encrypted(length: number, noise: Noise): Buffer[] {
  const records: Buffer[] = [];
  for (let left = Math.max(32, length); left > 0; left -= RECORD)
    records.push(tlsRecord(APPLICATION_DATA, noise.take(Math.min(left, RECORD))));
  return records;
}

function http(record: Http, up: number, down: number, noise: Noise): Speech[] {
  const isPost = record.method === 'POST';
  const length = isPost ? up : 0;
  const request = [
    `${record.method ?? 'GET'} ${record.uri ?? '/'} HTTP/1.1`,
    `Host: ${record.host ?? 'localhost'}`,
    `User-Agent: ${record.user_agent ?? 'curl/8.5.0'}`,
    'Accept: */*',
    'Accept-Encoding: identity',
    ...(isPost ? ['Content-Type: application/octet-stream', `Content-Length: ${length}`] : []),
  ];
  const reply = [
    `HTTP/1.1 ${record.status_code ?? 200} ${record.status_msg ?? 'OK'}`,
    'Server: nginx',
    'Content-Type: application/octet-stream',
    `Content-Length: ${down}`,
  ];
  return [
    { isUp: true, bytes: withBody(request, noise.take(length)) },
    { isUp: false, bytes: withBody(reply, noise.take(down)) },
  ];
}

const withBody = (lines: readonly string[], body: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body]);

const dnsName = (name: string): Buffer =>
  Buffer.concat([...name.split('.').map((label) => sized(1, Buffer.from(label.slice(0, 63)))), u8(0)]);

function dns({ trans_id = 0, query = 'localhost', qtype = 1, rcode = 0, answers = [] }: Dns): Speech[] {
  const question = Buffer.concat([dnsName(query), u16(qtype, 1)]);
  const addresses = answers.filter((text) => /^[\d.]+$/.test(text));
  const found = addresses.map((text) =>
    Buffer.concat([u16(0xc00c, 1, 1, 0, 300), sized(2, Buffer.from(text.split('.').map(Number)))]),
  );
  return [
    { isUp: true, bytes: Buffer.concat([u16(trans_id, 0x0100, 1, 0, 0, 0), question]) },
    {
      isUp: false,
      bytes: Buffer.concat([u16(trans_id, 0x8180 | rcode, 1, found.length, 0, 0), question, ...found]),
    },
  ];
}

const ntp = (noise: Noise): Speech[] =>
  [0x23, 0x24].map((mode) => ({ isUp: mode === 0x23, bytes: Buffer.concat([u8(mode), noise.take(47)]) }));
