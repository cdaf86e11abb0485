/** Secrets at rest: sealed with AES-256-GCM under a key file that only the owner can read; random tokens; passwords. */
import {
  type Argon2Parameters,
  argon2,
  createCipheriv,
  createDecipheriv,
  hash,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { ThymusError } from '@thymus/core';

export class SecretBox {
  readonly #key: Buffer;

  /** Reads the key at `path`, or makes one with mode 0600. */
  constructor(path: string) {
    if (!existsSync(path)) writeFileSync(path, randomBytes(32), { mode: 0o600, flag: 'wx' });
    this.#key = readFileSync(path);
    if (this.#key.length !== 32) throw new ThymusError('BAD_FILE', `${path} is not a key of 32 bytes.`);
  }

  seal(secret: string): Uint8Array {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce);
    const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
  }

  /** Throws BAD_FILE if the bytes were not sealed with this key. */
  open(sealed: Uint8Array): string {
    const bytes = Buffer.from(sealed);
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, 12));
      decipher.setAuthTag(bytes.subarray(12, 28));
      return decipher.update(bytes.subarray(28), undefined, 'utf8') + decipher.final('utf8');
    } catch (cause) {
      throw new ThymusError('BAD_FILE', 'A stored secret cannot be opened with the key of this folder.', {
        cause,
      });
    }
  }
}

/** `length` characters of lower-case letters and digits; 40 of them hold 206 bits. */
export function randomToken(length: number): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length))
      if (byte < 252 && text.length < length) text += alphabet[byte % 36]!;
  }
  return text;
}

/** OWASP's parameters for argon2id: 64 MiB, 3 passes. */
const ARGON2 = { memory: 65_536, passes: 3, parallelism: 1, tagLength: 32 };

const derive = (password: string, nonce: Uint8Array): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const parameters: Argon2Parameters = { message: password, nonce, ...ARGON2 };
    argon2('argon2id', parameters, (error, tag) => (error ? reject(error) : resolve(tag)));
  });

/** argon2id of a password with a salt of its own. Some tenths of a second on purpose, off the event loop. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const tag = await derive(password, salt);
  return `argon2id$m=${ARGON2.memory},t=${ARGON2.passes}$${salt.toString('base64')}$${tag.toString('base64')}`;
}

/** True if the password gave this hash; takes the same time either way. */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const [, , salt = '', expected = ''] = stored.split('$');
  const tag = await derive(password, Buffer.from(salt, 'base64'));
  const wanted = Buffer.from(expected, 'base64');
  return wanted.length === tag.length && timingSafeEqual(tag, wanted);
}

export const sha256 = (text: string): string => hash('sha256', text);
