/** Log-in, log-out and the session of the web interface. OWASP ASVS 5.0, chapters 6 and 7. */
import {
  changePassword,
  login,
  logout,
  type Permission,
  type ReplyOf,
  SESSION_COOKIE,
  session,
} from '@thymus/contract';
import { ThymusError } from '@thymus/core';
import type { Credentials, User } from '@thymus/store';
import { SESSION_LIFE } from '../http/authenticate.ts';
import { FailureCounter, Gate, waitAfter } from '../http/login-guard.ts';
import { ARGON2, type PasswordKeeper, weakness } from '../http/passwords.ts';
import { permissionsOf } from '../http/principal.ts';
import { badInput, tooMany } from '../http/refusal.ts';
import { type Call, type Site, serve } from '../http/serve.ts';

/** Password checks at a time, and how many may wait: each takes 64 MiB and a thread of the pool. */
const CHECKS = 2;
const WAITING = 20;

const cookie = (value: string, seconds: number): string =>
  `${SESSION_COOKIE}=${value}; Path=/; Max-Age=${seconds}; Secure; HttpOnly; SameSite=Strict`;

const wiredUser = ({ username, permissions, mustChange }: User) => ({
  username,
  permissions: [...permissionsOf(permissions)] as Permission[],
  mustChange,
});

const refused = (): ThymusError => new ThymusError('UNAUTHENTICATED', 'User name or password is wrong.');

/** A body with the cookie of a new session. */
async function opened(user: User, { services, address, headers }: Call, body: object): Promise<Response> {
  const agent = (headers.get('user-agent') ?? '').slice(0, 200);
  const { secret, csrf } = await services.state.users.openSession(user, services.now(), address, agent);
  return Response.json({ ...body, csrf }, { headers: { 'Set-Cookie': cookie(secret, SESSION_LIFE / 1000) } });
}

/** Checks passwords, slowly for those who guess. */
class LoginDesk {
  readonly #addresses = new FailureCounter();
  /** Names that no user has: they wait like those of users. */
  readonly #strangers = new FailureCounter();
  readonly #gate = new Gate(CHECKS, WAITING);
  /** Compared against where there is no user, so that the answer takes as long. */
  #decoy: Promise<string> | undefined;
  readonly #keeper: PasswordKeeper;

  constructor(keeper: PasswordKeeper) {
    this.#keeper = keeper;
  }

  /** The user, or a refusal: 401, or 429 with the time to wait. */
  async enter(username: string, password: string, call: Call): Promise<User> {
    const { services, address } = call;
    const { state } = services;
    const found = await state.users.find(username);
    const now = services.now();
    const wait = Math.max(
      this.#addresses.waiting(address, now),
      found ? found.lockedUntil - now : this.#strangers.waiting(username, now),
    );
    if (wait > 0) throw tooMany(wait);
    if (await this.#matches(found, password)) {
      this.#addresses.succeed(address);
      await state.users.noteLogin(found!.user.id, now);
      return found!.user;
    }
    this.#addresses.fail(address, now);
    await this.#noteFailure(found, username, now, call);
    throw refused();
  }

  async #matches(found: Credentials | undefined, password: string): Promise<boolean> {
    this.#decoy ??= this.#keeper.hash('nobody');
    const stored = found?.password ?? (await this.#decoy);
    const matches = await this.#gate.run(() => this.#keeper.verify(password, stored));
    if (matches === undefined) throw tooMany(1000);
    return matches && found !== undefined;
  }

  async #noteFailure(found: Credentials | undefined, username: string, now: number, call: Call) {
    const { state } = call.services;
    if (found) {
      const failures = found.failures + 1;
      await state.users.noteFailure(found.user.id, failures, now + waitAfter(failures));
    } else this.#strangers.fail(username, now);
    const entry = { time: now, username: found ? username : '', action: 'user.login.refused' };
    await state.audit({ ...entry, target: found ? username : '(unknown)', detail: call.address });
  }
}

/** Sources with their clocks, and how much is learned. */
async function overview({ services, principal }: Call): Promise<ReplyOf<typeof session>> {
  const status = await services.status();
  const user = (await services.state.users.find(principal.username))?.user;
  return {
    user: user
      ? wiredUser(user)
      : { username: principal.username, permissions: [...principal.permissions], mustChange: false },
    csrf: principal.csrf ?? '',
    version: services.version,
    demo: services.demo,
    newest: status.newest ?? null,
    now: services.now(),
    learning: { days: status.daysLearned },
    sources: status.sources.map(({ name, state, newest }) => ({ name, state, newest: newest ?? null })),
  };
}

export function routeSession(site: Site): void {
  const { state, now, passwords = ARGON2 } = site.services;
  const desk = new LoginDesk(passwords);

  serve(site, login, async ({ username, password }, call) => {
    const user = await desk.enter(username, password, call);
    if (call.principal.secret !== undefined) await state.users.closeSession(call.principal.secret);
    await state.audit({
      time: now(),
      username,
      action: 'user.login',
      target: username,
      detail: call.address,
    });
    return opened(user, call, { user: wiredUser(user) });
  });

  serve(site, logout, async (_, call) => {
    if (call.principal.secret !== undefined) await state.users.closeSession(call.principal.secret);
    await call.audit('user.logout', call.principal.username);
    return Response.json({ ok: true }, { headers: { 'Set-Cookie': cookie('', 0) } });
  });

  serve(site, session, (_, call) => overview(call));

  serve(site, changePassword, async ({ old, new: password }, call) => {
    const { username } = call.principal;
    const user = await desk.enter(username, old, call);
    const weak = weakness(password, username);
    if (weak !== undefined) throw badInput(weak);
    if (password === old) throw badInput('The new password is the old one.');
    await state.users.setPassword(user.id, await passwords.hash(password), false);
    await call.audit('user.password', username);
    return opened(user, call, { ok: true });
  });
}
