/** Users and API tokens. */
import Type from 'typebox';
import { done, time } from '../parameters.ts';
import type { Route } from '../route.ts';
import { password, permission } from './ui-session.ts';

const username = Type.String({ pattern: '^[A-Za-z0-9._@-]{1,64}$' });

export const user = Type.Object({
  username: Type.String(),
  permissions: Type.Array(permission),
  mustChange: Type.Boolean(),
  created: time('Added'),
  lastLogin: Type.Optional(time('Last log-in')),
});

export const users = {
  method: 'GET',
  path: '/ui/users',
  doc: 'All users.',
  permission: 'admin',
  reply: Type.Array(user),
} as const satisfies Route;

export const addUser = {
  method: 'POST',
  path: '/ui/users',
  doc: 'Adds a user. Without a password one is made, shown once, and has to be changed at the first log-in.',
  permission: 'admin',
  body: Type.Object({
    username,
    permissions: Type.Array(permission),
    password: Type.Optional(password),
  }),
  reply: Type.Object({ user, password: Type.Optional(Type.String({ description: 'Only if it was made' })) }),
} as const satisfies Route;

export const resetUser = {
  method: 'POST',
  path: '/ui/users/:name/reset',
  doc: 'Gives a user a new password, shown once, lifts a lock and ends all sessions of the user.',
  permission: 'admin',
  params: Type.Object({ name: username }),
  reply: Type.Object({ password: Type.String() }),
} as const satisfies Route;

export const apiToken = Type.Object({
  public: Type.String(),
  name: Type.String(),
  username: Type.Optional(Type.String({ description: 'Owner; global tokens have none' })),
  created: time('Made'),
  lastUsed: Type.Optional(time('Last use, to the minute')),
  lastAddress: Type.Optional(Type.String()),
});

export const tokens = {
  method: 'GET',
  path: '/ui/tokens',
  doc: 'API tokens without their secrets.',
  permission: 'admin',
  reply: Type.Array(apiToken),
} as const satisfies Route;

export const createToken = {
  method: 'POST',
  path: '/ui/tokens',
  doc: 'Makes a token pair. The private token is shown this once.',
  permission: 'admin',
  body: Type.Object({
    name: Type.String({ minLength: 1, maxLength: 100 }),
    username: Type.Optional(
      Type.String({ maxLength: 64, description: 'Owner; without one the token is global' }),
    ),
  }),
  reply: Type.Object({ public: Type.String(), private: Type.String() }),
} as const satisfies Route;

export const revokeToken = {
  method: 'DELETE',
  path: '/ui/tokens/:public',
  doc: 'Makes a token worthless at once.',
  permission: 'admin',
  params: Type.Object({ public: Type.String({ maxLength: 64 }) }),
  reply: done,
} as const satisfies Route;
