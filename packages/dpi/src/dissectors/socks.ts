/** SOCKS 4, 4a and 5: whom a client wants to reach through a proxy; what follows is dissected anew. RFC 1928, RFC 1929. */
import { formatAddress, formatV4, Reader, type Socks } from '@thymus/core';
import type { Connection, Dissector, Session } from '../dissector.ts';
import { fieldText } from '../text.ts';
import { ProxyTunnels } from './proxy-tunnels.ts';

const SOCKS4 = 4;
const SOCKS5 = 5;
const GRANTED4 = 0x5a;
const SUCCEEDED5 = 0;
const USER_PASSWORD = 2;
const NO_METHOD = 0xff;
/** Longest text of SOCKS 4, of which the protocol says nothing; SOCKS 5 has lengths of one byte. */
const MOST_TEXT = 255;

const STATUS5 = [
  'succeeded',
  'general SOCKS server failure',
  'connection not allowed by ruleset',
  'Network unreachable',
  'Host unreachable',
  'Connection refused',
  'TTL expired',
  'Command not supported',
  'Address type not supported',
];
const STATUS4 = [
  'succeeded',
  'general SOCKS server failure',
  'request failed because client is not running identd',
  "request failed because client's identd could not confirm the user ID string in the request",
];

/** What comes next from each side; a client may send on before it is answered. */
type ClientStep = 'greeting' | 'request' | 'over';
type ServerStep = 'method' | 'verdict' | 'reply' | 'over';

interface Place {
  readonly host?: string;
  readonly name?: string;
  readonly port: number;
}

/** An address of SOCKS 5 with its port. */
function readPlace(r: Reader): Place {
  const kind = r.u8();
  if (kind === 3) {
    const bytes = r.take(r.u8());
    return { name: fieldText(bytes), port: r.u16() };
  }
  const bytes = r.take(kind === 1 ? 4 : kind === 4 ? 16 : -1);
  if (r.bad) return { port: 0 };
  return { host: kind === 1 ? formatV4(bytes, 0) : formatAddress(bytes), port: r.u16() };
}

/** A text that a zero ends. */
function readZeroEnded(r: Reader): string {
  const end = r.bytes.indexOf(0, r.at);
  const text = fieldText(r.take(end < 0 || end >= r.end ? -1 : end - r.at));
  r.skip(1);
  return text;
}

class SocksSession implements Session {
  readonly #connection: Connection;
  readonly #tunnels: ProxyTunnels;
  #client: ClientStep = 'greeting';
  #server: ServerStep = 'method';
  #version = 0;
  #row: Socks | undefined;

  constructor(connection: Connection, tunnels: ProxyTunnels) {
    this.#connection = connection;
    this.#tunnels = tunnels;
  }

  get done(): boolean {
    return this.#server === 'over';
  }

  feed(bytes: Uint8Array, fromOriginator: boolean): number {
    let at = 0;
    while (at < bytes.length && (fromOriginator ? this.#client : this.#server) !== 'over') {
      const r = new Reader(bytes, at);
      if (!(fromOriginator ? this.#ask(r) : this.#answer(r))) return this.#break();
      if (r.bad) return bytes.length - at > 4 * MOST_TEXT ? this.#break() : at;
      at = r.at;
    }
    return at;
  }

  close(): void {
    if (this.#row) this.#connection.emit(this.#row);
    this.#row = undefined;
    this.#client = 'over';
    this.#server = 'over';
  }

  #break(): number {
    this.close();
    return -1;
  }

  /** Reads one message of the client; false if it is none. A message that is not all there leaves `bad`. */
  #ask(r: Reader): boolean {
    if (this.#client === 'greeting') return this.#greeting(r);
    return r.bytes[r.at] === 1 ? this.#login(r) : this.#request5(r);
  }

  /** The same of the server. It has nothing to say before it is asked. */
  #answer(r: Reader): boolean {
    if (this.#version === 0) return false;
    if (this.#version === SOCKS4) return this.#reply4(r);
    if (this.#server === 'method') return this.#method(r);
    return this.#server === 'verdict' ? this.#verdict(r) : this.#reply5(r);
  }

  #greeting(r: Reader): boolean {
    const version = r.u8();
    this.#version = version;
    if (version === SOCKS4) return this.#request4(r);
    r.skip(r.u8());
    if (!r.bad) this.#client = 'request';
    return version === SOCKS5;
  }

  #method(r: Reader): boolean {
    const version = r.u8();
    const method = r.u8();
    if (r.bad) return true;
    this.#server = method === USER_PASSWORD ? 'verdict' : method === NO_METHOD ? 'over' : 'reply';
    return version === SOCKS5;
  }

  #login(r: Reader): boolean {
    r.skip(1);
    const user = fieldText(r.take(r.u8()));
    r.skip(r.u8());
    if (r.bad) return true;
    this.#record().user = user;
    return true;
  }

  #verdict(r: Reader): boolean {
    r.skip(1);
    const code = r.u8();
    if (r.bad) return true;
    this.#record().status = STATUS5[code] ?? `unknown-${code}`;
    this.#connection.confirm();
    if (code === SUCCEEDED5) this.#server = 'reply';
    else this.close();
    return true;
  }

  #request5(r: Reader): boolean {
    const version = r.u8();
    r.skip(2);
    const place = readPlace(r);
    if (!r.bad) this.#asked(place);
    return version === SOCKS5;
  }

  #request4(r: Reader): boolean {
    r.skip(1);
    const port = r.u16();
    const ip = r.take(4);
    const user = readZeroEnded(r);
    // An address that cannot be, 0.0.0.x, says that a name follows: SOCKS 4a.
    const isNamed = !r.bad && ip[0] === 0 && ip[1] === 0 && ip[2] === 0 && ip[3] !== 0;
    const name = isNamed ? readZeroEnded(r) : '';
    if (r.bad) return true;
    if (user !== '') this.#record().user = user;
    this.#asked(isNamed ? { name, port } : { host: formatV4(ip, 0), port });
    return true;
  }

  #asked({ host, name, port }: Place): void {
    const row = this.#record();
    if (host !== undefined) row.request_host = host;
    if (name !== undefined) row.request_name = name;
    row.request_p = port;
    this.#client = 'over';
  }

  #reply4(r: Reader): boolean {
    const zero = r.u8();
    const code = r.u8();
    const port = r.u16();
    const ip = r.take(4);
    if (r.bad) return true;
    const status = STATUS4[code - GRANTED4] ?? `unknown-${code}`;
    this.#answered(status, { host: formatV4(ip, 0), port }, code === GRANTED4);
    return zero === 0;
  }

  #reply5(r: Reader): boolean {
    const version = r.u8();
    const code = r.u8();
    r.skip(1);
    const place = readPlace(r);
    if (!r.bad) this.#answered(STATUS5[code] ?? `unknown-${code}`, place, code === SUCCEEDED5);
    return version === SOCKS5;
  }

  #answered(status: string, { host, name, port }: Place, isOpen: boolean): void {
    const row = this.#record();
    row.status = status;
    if (host !== undefined) row.bound_host = host;
    if (name !== undefined) row.bound_name = name;
    row.bound_p = port;
    this.#connection.confirm();
    this.#tunnels.discover(this.#connection, 'Tunnel::SOCKS');
    this.close();
    if (isOpen) this.#connection.handOver();
  }

  #record(): Socks {
    const { ts, uid, source_ip, source_port, dest_ip, dest_port } = this.#connection;
    const version = this.#version;
    this.#row ??= { kind: 'socks', ts, uid, source_ip, source_port, dest_ip, dest_port, version };
    return this.#row;
  }
}

/** A greeting of SOCKS 5: as many methods as it says, each at most once. */
function isGreeting5(bytes: Uint8Array): boolean {
  const count = bytes[1]!;
  if (count === 0 || count > 16 || bytes.length !== 2 + count) return false;
  const methods = bytes.subarray(2);
  return methods.every((method) => method < 10 || method >= 0x80) && new Set(methods).size === count;
}

/** A request of SOCKS 4: connect or bind, and texts that end with the packet. */
function isRequest4(bytes: Uint8Array): boolean {
  if (bytes.length < 9 || bytes.length > 9 + 2 * MOST_TEXT || bytes[1] === 0 || bytes[1]! > 2) return false;
  if (bytes[bytes.length - 1] !== 0 || (bytes[2] === 0 && bytes[3] === 0)) return false;
  const isNamed = bytes[4] === 0 && bytes[5] === 0 && bytes[6] === 0 && bytes[7] !== 0;
  const user = bytes.indexOf(0, 8);
  const end = isNamed ? bytes.indexOf(0, user + 1) : user;
  return end === bytes.length - 1 && bytes.subarray(8).every((c) => c === 0 || (c > 0x20 && c < 0x7f));
}

const withTunnels = (tunnels: ProxyTunnels): Dissector => ({
  name: 'socks',
  transports: ['tcp'],
  ports: [1080],
  begins: (first) => first === SOCKS4 || first === SOCKS5,
  probe(bytes, fromOriginator) {
    if (!fromOriginator || bytes.length < 2) return 0;
    if (bytes[0] === SOCKS5) return isGreeting5(bytes) ? 0.7 : 0;
    return bytes[0] === SOCKS4 && isRequest4(bytes) ? 0.7 : 0;
  },
  open: (connection) => new SocksSession(connection, tunnels),
  create: () => withTunnels(new ProxyTunnels()),
});

export const socks: Dissector = withTunnels(new ProxyTunnels());
