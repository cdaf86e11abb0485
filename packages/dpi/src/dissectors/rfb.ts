/** RFB (VNC): versions, how the client logs in, whether it may, and the screen it gets. RFC 6143 §7; Apple's method 30. */
import { Reader, type Rfb } from '@thymus/core';
import type { Connection, Dissector, Session } from '../dissector.ts';
import { fieldText, latin1Text } from '../text.ts';

const VERSION = /^RFB (\d{3})\.(\d{3})\n$/;
const VERSION_BYTES = 12;

const NONE = 1;
const VNC = 2;
const APPLE = 30;
const METHODS: Readonly<Record<number, string>> = {
  0: 'Invalid',
  [NONE]: 'None',
  [VNC]: 'VNC',
  16: 'Tight',
  17: 'Ultra',
  18: 'TLS',
  19: 'VeNCrypt',
  20: 'GTK-VNC SASL',
  21: 'MD5 hash auth',
  22: 'Colin Dean xvp',
  [APPLE]: 'Apple Remote Desktop',
};

/** Length of challenge and response of VNC's own method, and of the encrypted names of Apple's. */
const CHALLENGE = 16;
const CREDENTIALS = 128;

/** Longest name of a screen and reason of a refusal that are waited for. */
const MOST_NAME = 4_096;
const HEAD_OF_SCREEN = 24;

/** What comes next from each side. */
type ServerStep = 'version' | 'types' | 'challenge' | 'result' | 'screen' | 'over';
type ClientStep = 'version' | 'choice' | 'response' | 'share' | 'over';

class RfbSession implements Session {
  readonly #connection: Connection;
  #server: ServerStep = 'version';
  #client: ClientStep = 'version';
  /** Minor version that both speak: 3, 7 or 8. */
  #minor = 8;
  #method = 0;
  #keyBytes = 0;
  #row: Rfb | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  get done(): boolean {
    return this.#server === 'over';
  }

  feed(bytes: Uint8Array, fromOriginator: boolean): number {
    let at = 0;
    while (at < bytes.length && (fromOriginator ? this.#client : this.#server) !== 'over') {
      const r = new Reader(bytes, at);
      if (!(fromOriginator ? this.#fromClient(r) : this.#fromServer(r))) return this.#break();
      if (r.bad) return bytes.length - at > 2 * MOST_NAME ? this.#break() : at;
      if (r.at === at) break; // it waits for the other side
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

  /** Reads one message; false if it is none. One that is not all there leaves `bad`. */
  #fromServer(r: Reader): boolean {
    switch (this.#server) {
      case 'version':
        return this.#version(r, true);
      case 'types':
        return this.#minor < 7 ? this.#dictated(r) : this.#offered(r);
      case 'challenge':
        return this.#challenge(r);
      case 'result':
        return this.#result(r);
      default:
        return this.#screen(r);
    }
  }

  #fromClient(r: Reader): boolean {
    switch (this.#client) {
      case 'version':
        return this.#version(r, false);
      case 'choice':
        return this.#choice(r);
      case 'response':
        return this.#response(r);
      default:
        return this.#share(r);
    }
  }

  #version(r: Reader, isServer: boolean): boolean {
    const text = latin1Text(r.take(VERSION_BYTES));
    if (r.bad) return true;
    const [, major, minor] = VERSION.exec(text) ?? [];
    if (major === undefined || minor === undefined) return false;
    if (isServer) {
      Object.assign(this.#record(), { server_major_version: major, server_minor_version: minor });
      this.#server = 'types';
      return true;
    }
    Object.assign(this.#record(), { client_major_version: major, client_minor_version: minor });
    this.#minor = Number(major) < 3 || Number(minor) < 7 ? 3 : Number(minor) === 7 ? 7 : 8;
    this.#client = this.#minor < 7 ? 'response' : 'choice';
    this.#connection.confirm();
    return true;
  }

  /** Up to 3.3 the server says what is to be done. */
  #dictated(r: Reader): boolean {
    const method = r.u32();
    if (!r.bad) this.#begin(method);
    return method < 256;
  }

  /** From 3.7 on the client chooses. An empty list is a refusal with its reason. */
  #offered(r: Reader): boolean {
    const count = r.u8();
    r.skip(count);
    if (r.bad) return true;
    if (count === 0) this.close();
    // Only what the client chooses says what comes next: until then nothing does.
    else this.#server = 'challenge';
    return true;
  }

  #choice(r: Reader): boolean {
    const method = r.u8();
    if (!r.bad) this.#begin(method);
    return true;
  }

  #begin(method: number): void {
    this.#method = method;
    this.#record().authentication_method = METHODS[method] ?? `unknown-${method}`;
    if (method === VNC || method === APPLE) {
      this.#server = 'challenge';
      this.#client = 'response';
    } else if (method === NONE) {
      this.#server = this.#minor < 8 ? 'screen' : 'result';
      this.#client = 'share';
    } else this.close();
  }

  #challenge(r: Reader): boolean {
    if (this.#method === 0) return true;
    if (this.#method === VNC) r.skip(CHALLENGE);
    else {
      r.skip(2);
      this.#keyBytes = r.u16();
      r.skip(2 * this.#keyBytes);
    }
    if (!r.bad) this.#server = 'result';
    return true;
  }

  #response(r: Reader): boolean {
    // A client that has nothing to prove begins at once.
    if (this.#method === 0) return true;
    r.skip(this.#method === VNC ? CHALLENGE : CREDENTIALS + this.#keyBytes);
    if (!r.bad) this.#client = 'share';
    return true;
  }

  #result(r: Reader): boolean {
    const result = r.u32();
    if (r.bad) return true;
    this.#record().auth = result === 0;
    if (result === 0) this.#server = 'screen';
    else this.close();
    return true;
  }

  #share(r: Reader): boolean {
    const flag = r.u8();
    if (r.bad) return true;
    this.#record().share_flag = flag !== 0;
    this.#client = 'over';
    return true;
  }

  #screen(r: Reader): boolean {
    const width = r.u16();
    const height = r.u16();
    r.skip(HEAD_OF_SCREEN - 8);
    const length = r.u32();
    if (length > MOST_NAME) return false;
    const name = fieldText(r.take(length));
    if (r.bad) return true;
    Object.assign(this.#record(), { desktop_name: name, width, height });
    this.close();
    return true;
  }

  #record(): Rfb {
    const { ts, uid, source_ip, source_port, dest_ip, dest_port } = this.#connection;
    this.#row ??= { kind: 'rfb', ts, uid, source_ip, source_port, dest_ip, dest_port };
    return this.#row;
  }
}

export const rfb: Dissector = {
  name: 'rfb',
  transports: ['tcp'],
  ports: [5900, 5901],
  begins: (first) => first === 0x52,
  probe(bytes) {
    if (bytes.length < VERSION_BYTES)
      return 'RFB '.startsWith(latin1Text(bytes, 0, Math.min(4, bytes.length))) ? -1 : 0;
    return VERSION.test(latin1Text(bytes, 0, VERSION_BYTES)) ? 1 : 0;
  },
  open: (connection) => new RfbSession(connection),
};
