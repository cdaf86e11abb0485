/** Users and API tokens, for administrators. */
import {
  addUser,
  createToken,
  type Permission,
  resetUser,
  revokeToken,
  tokens,
  users,
} from '@thymus/contract';
import { ThymusError } from '@thymus/core';
import type { User } from '@thymus/store';
import { ARGON2, madePassword, weakness } from '../http/passwords.ts';
import { permissionsOf } from '../http/principal.ts';
import { badInput, notFound } from '../http/refusal.ts';
import { type Site, serve } from '../http/serve.ts';

const wiredUser = ({ username, permissions, mustChange, created, lastLogin }: User) => ({
  username,
  permissions: [...permissionsOf(permissions)] as Permission[],
  mustChange,
  created,
  ...(lastLogin === undefined ? {} : { lastLogin }),
});

export function routeUsers(site: Site): void {
  const { state, now, passwords = ARGON2 } = site.services;

  serve(site, users, async () => (await state.users.list()).map(wiredUser));

  serve(site, addUser, async ({ username, permissions, password }, call) => {
    const weak = password === undefined ? undefined : weakness(password, username);
    if (weak !== undefined) throw badInput(weak);
    const given = password ?? madePassword();
    const user = await state.users.add({
      username,
      password: await passwords.hash(given),
      permissions,
      mustChange: password === undefined,
      now: now(),
    });
    if (!user) throw new ThymusError('CONFLICT', `There is a user ${username} already.`);
    await call.audit('user.add', username, permissions.join(','));
    return { user: wiredUser(user), ...(password === undefined ? { password: given } : {}) };
  });

  serve(site, resetUser, async ({ name }, call) => {
    const found = await state.users.find(name);
    if (!found) throw notFound(`user ${name}`);
    const password = madePassword();
    await state.users.setPassword(found.user.id, await passwords.hash(password), true);
    await call.audit('user.reset', name);
    return { password };
  });

  serve(site, tokens, () => state.tokens.list());

  serve(site, createToken, async ({ name, username }, call) => {
    const owner = username === undefined ? undefined : await state.users.find(username);
    if (username !== undefined && !owner) throw notFound(`user ${username}`);
    const pair = await state.tokens.create(name, owner?.user.id, now());
    await call.audit('token.create', pair.public, username === undefined ? name : `${name} for ${username}`);
    return pair;
  });

  serve(site, revokeToken, async ({ public: token }, call) => {
    if (!(await state.tokens.revoke(token))) throw notFound('such token');
    await call.audit('token.revoke', token);
    return { ok: true as const };
  });
}
