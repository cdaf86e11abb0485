/** What client and server of RDP tell of themselves before they encrypt. MS-RDPBCGR §2.2.1.3, §2.2.1.4; T.124. */
import { Reader } from '@thymus/core';
import { latin1Text } from '../../text.ts';

const CLIENT_CORE = 0xc001;
const CLIENT_NETWORK = 0xc003;
const SERVER_SECURITY = 0x0c02;
/** Keys before the settings of client and server within the conference messages. */
const CLIENT_KEY = 'Duca';
const SERVER_KEY = 'McDn';

const MOST_CHANNELS = 31;
const MOST_CERTIFICATES = 32;
const WANTS_32_BITS = 0x0002;

export interface ClientSettings {
  width?: number;
  height?: number;
  keyboard?: number;
  build?: number;
  name?: string;
  /** Undefined for clients that do not tell it. */
  productId?: string;
  colorDepth?: string;
  channels?: string[];
}

export interface ServerSettings {
  method?: number;
  level?: number;
  /** 1 = proprietary, 2 = X.509. */
  certificateType?: number;
  isPermanent?: boolean;
  certificates: Uint8Array[];
}

/** UTF-16 text of a field of fixed size, up to its first zero. */
function wideText(r: Reader, bytes: number): string {
  const field = r.take(bytes);
  let text = '';
  for (let i = 0; i + 1 < field.length; i += 2) {
    const code = field[i]! | (field[i + 1]! << 8);
    if (code === 0) break;
    text += String.fromCharCode(code);
  }
  return text;
}

/** The blocks of settings after a key, each with a type and its bytes. */
function* blocks(bytes: Uint8Array, key: string): Generator<[number, Reader]> {
  const at = latin1Text(bytes, 0, Math.min(bytes.length, 512)).indexOf(key);
  if (at < 0) return;
  const r = new Reader(bytes, at + key.length);
  r.skip(r.u8() & 0x80 ? 1 : 0);
  while (r.left >= 4) {
    const type = r.u16le();
    const length = r.u16le();
    if (length < 4 || length - 4 > r.left) return;
    yield [type, new Reader(bytes, r.at, r.at + length - 4)];
    r.skip(length - 4);
  }
}

function readCore(r: Reader, settings: ClientSettings): void {
  r.skip(4);
  settings.width = r.u16le();
  settings.height = r.u16le();
  r.skip(4);
  settings.keyboard = r.u32le();
  settings.build = r.u32le();
  settings.name = wideText(r, 32);
  r.skip(12 + 64 + 8); // keyboard type, input method, old colour depth, product, serial number
  const depth = r.u16le();
  r.skip(2);
  const wants = r.u16le();
  if (r.bad) return;
  settings.colorDepth = wants & WANTS_32_BITS ? '32bit' : `${depth}bit`;
  const productId = wideText(r, 64);
  if (!r.bad) settings.productId = productId;
}

function readChannels(r: Reader): string[] {
  const channels: string[] = [];
  for (let count = Math.min(r.u32le(), MOST_CHANNELS); count > 0 && r.left >= 12; count--) {
    channels.push(r.latin1(8).replace(/\0.*$/s, ''));
    r.skip(4);
  }
  return channels;
}

/** Reads what a client tells; nothing is set that is not there. */
export function readClientSettings(bytes: Uint8Array): ClientSettings {
  const settings: ClientSettings = {};
  for (const [type, block] of blocks(bytes, CLIENT_KEY)) {
    if (type === CLIENT_CORE) readCore(block, settings);
    else if (type === CLIENT_NETWORK) settings.channels = readChannels(block);
  }
  return settings;
}

function readCertificates(r: Reader, settings: ServerSettings): void {
  const version = r.u32le();
  settings.certificateType = version % 0x8000_0000;
  settings.isPermanent = version < 0x8000_0000;
  if (settings.certificateType !== 2) return;
  for (let count = Math.min(r.u32le(), MOST_CERTIFICATES); count > 0 && !r.bad; count--) {
    const certificate = r.take(r.u32le());
    if (!r.bad) settings.certificates.push(certificate);
  }
}

function readSecurity(r: Reader, settings: ServerSettings): void {
  settings.method = r.u32le();
  settings.level = r.u32le();
  const randomLength = r.u32le();
  r.u32le();
  r.skip(randomLength);
  if (!r.bad && r.left >= 8) readCertificates(r, settings);
}

/** Reads what a server tells; certificates are views. */
export function readServerSettings(bytes: Uint8Array): ServerSettings {
  const settings: ServerSettings = { certificates: [] };
  for (const [type, block] of blocks(bytes, SERVER_KEY)) {
    if (type === SERVER_SECURITY) readSecurity(block, settings);
  }
  return settings;
}
