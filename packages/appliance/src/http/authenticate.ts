/** Finds out who asks, from signed headers, the session cookie or the way the request came. */
import { createHmac } from 'node:crypto';
import { CSRF_HEADER, isDateValid, type Permission, SESSION_COOKIE, verify } from '@thymus/contract';
import { ThymusError } from '@thymus/core';
import {
  addressOf,
  type Bindings,
  GLOBAL_TOKEN,
  LOCAL,
  NOBODY,
  type Principal,
  permissionsOf,
} from './principal.ts';
import { apiError } from './refusal.ts';
import type { Services } from './services.ts';

/** A session ends after this long without use, and in any case after the second. ms */
export const SESSION_IDLE = 30 * 60_000;
export const SESSION_LIFE = 12 * 3_600_000;

/** How often the use of a token is noted, ms. */
const NOTE_EVERY = 60_000;

const hmac = (key: string, message: Uint8Array): string =>
  createHmac('sha1', key).update(message).digest('hex');

export interface Asked {
  method: string;
  /** Path and query as they were sent. */
  target: string;
  headers: Headers;
  body: Uint8Array;
  env: Bindings;
}

export class Authenticator {
  readonly #services: Services;
  readonly #noted = new Map<string, number>();

  constructor(services: Services) {
    this.#services = services;
  }

  /** Who asks. Throws a Refusal for a wrong signature or date; a wrong cookie is nobody. */
  async identify(asked: Asked): Promise<Principal> {
    if (hasSignature(asked.headers)) return this.#byToken(asked);
    if (asked.env.isLocal) return LOCAL;
    const secret = cookieOf(asked.headers);
    return secret === undefined ? NOBODY : this.#bySession(secret);
  }

  async #byToken({ method, target, headers, body, env }: Asked): Promise<Principal> {
    const { state, now } = this.#services;
    const token = headers.get('dtapi-token') ?? '';
    const date = headers.get('dtapi-date') ?? '';
    const signature = headers.get('dtapi-signature') ?? '';
    if (!isDateValid(date, now())) throw apiError('API DATE ERROR');
    const found = await state.tokens.find(token);
    // an unknown token costs the same as a wrong signature
    const verified = verify({ method, target, body, token, date, signature }, found?.private ?? 'none', hmac);
    if (!found || !verified) throw apiError('API SIGNATURE ERROR');
    await this.#noteUse(token, addressOf(env));
    return {
      username: found.user?.username ?? `DTAPI_${token}`,
      permissions: found.user ? permissionsOf(found.user.permissions) : GLOBAL_TOKEN,
      via: 'token',
      isQueryUnsigned: !verified.isQuerySigned,
    };
  }

  async #noteUse(token: string, address: string): Promise<void> {
    const now = this.#services.now();
    if (now - (this.#noted.get(token) ?? Number.NEGATIVE_INFINITY) < NOTE_EVERY) return;
    this.#noted.set(token, now);
    await this.#services.state.tokens.noteUse(token, now, address);
  }

  async #bySession(secret: string): Promise<Principal> {
    const { state, now } = this.#services;
    const time = now();
    const session = await state.users.session(secret, time, time - SESSION_LIFE, time - SESSION_IDLE);
    if (!session) return NOBODY;
    const { user, csrf } = session;
    return {
      username: user.username,
      permissions: permissionsOf(user.permissions),
      via: 'session',
      secret,
      csrf,
      userId: user.id,
      mustChange: user.mustChange,
    };
  }
}

export const hasSignature = (headers: Headers): boolean =>
  headers.has('dtapi-token') || headers.has('dtapi-signature');

/** The secret in the session cookie, if one was sent. */
export function cookieOf(headers: Headers): string | undefined {
  for (const part of (headers.get('cookie') ?? '').split(';')) {
    const [name, value] = part.trim().split('=');
    if (name === SESSION_COOKIE && value) return value;
  }
  return undefined;
}

/** Writes from pages of other sites are refused, whatever they carry. Throws FORBIDDEN. */
export function checkOrigin(headers: Headers, host: string): void {
  const site = headers.get('sec-fetch-site');
  const origin = headers.get('origin');
  const isForeign = site !== null && site !== 'same-origin' && site !== 'none';
  if (isForeign || (origin !== null && hostOf(origin) !== host)) {
    throw new ThymusError('FORBIDDEN', 'The request comes from a page of another site.');
  }
}

function hostOf(origin: string): string | undefined {
  try {
    return new URL(origin).host;
  } catch {
    return undefined;
  }
}

/** Throws FORBIDDEN unless the write carries the CSRF token of its session. */
export function checkCsrf(headers: Headers, principal: Principal): void {
  if (principal.csrf === undefined || headers.get(CSRF_HEADER) !== principal.csrf) {
    throw new ThymusError('FORBIDDEN', `A write needs the header ${CSRF_HEADER} of its session.`);
  }
}

/** Throws UNAUTHENTICATED for nobody, FORBIDDEN for somebody who lacks the permission. */
export function checkPermission(principal: Principal, needed: Permission | 'session' | 'open'): void {
  if (needed === 'open') return;
  if (principal.via === 'nobody') throw new ThymusError('UNAUTHENTICATED', 'Log in first.');
  if (needed !== 'session' && !principal.permissions.has(needed)) {
    throw new ThymusError('FORBIDDEN', `This needs the permission "${needed}".`);
  }
}
