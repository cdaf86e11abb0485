/** Log-in and session of the web interface. The session itself is the cookie; writes repeat its CSRF token. */
import Type from 'typebox';
import { done, time } from '../parameters.ts';
import { PERMISSIONS, type Route } from '../route.ts';

export const SESSION_COOKIE = '__Host-thymus';

/** Header in which every write with a session repeats the `csrf` of GET /ui/session. */
export const CSRF_HEADER = 'X-Thymus-CSRF';

export const permission = Type.Enum([...PERMISSIONS]);

export const sessionUser = Type.Object({
  username: Type.String(),
  permissions: Type.Array(permission),
  mustChange: Type.Boolean({ description: 'The password must be changed before anything else' }),
});

export const password = Type.String({ minLength: 12, maxLength: 200, description: 'At least 12 characters' });

export const login = {
  method: 'POST',
  path: '/ui/login',
  doc: 'Opens a session. Refused tries are delayed: 429 with Retry-After.',
  permission: 'open',
  body: Type.Object({
    username: Type.String({ minLength: 1, maxLength: 100 }),
    password: Type.String({ minLength: 1, maxLength: 200 }),
  }),
  reply: Type.Object({ user: sessionUser, csrf: Type.String() }),
} as const satisfies Route;

export const logout = {
  method: 'POST',
  path: '/ui/logout',
  doc: 'Ends the session.',
  permission: 'session',
  reply: done,
} as const satisfies Route;

export const session = {
  method: 'GET',
  path: '/ui/session',
  doc: 'Who is logged in, and what the interface has to know first. 401 without a session.',
  permission: 'session',
  reply: Type.Object({
    user: sessionUser,
    csrf: Type.String({ description: `To be sent as ${CSRF_HEADER} with every write` }),
    version: Type.String(),
    demo: Type.Boolean({ description: 'The data is simulated' }),
    newest: Type.Union([time('Newest record'), Type.Null()]),
    now: time('Clock of the appliance'),
    learning: Type.Object({ days: Type.Number({ description: 'Days of traffic learned so far' }) }),
    sources: Type.Array(
      Type.Object({
        name: Type.String({ description: 'Sensor or import' }),
        state: Type.Union([Type.Literal('ok'), Type.Literal('warning'), Type.Literal('error')]),
        newest: Type.Union([time('Newest record'), Type.Null()]),
      }),
    ),
  }),
} as const satisfies Route;

export const changePassword = {
  method: 'POST',
  path: '/ui/password',
  doc: 'Changes the own password; all other sessions of the user end. Answers the new CSRF token.',
  permission: 'session',
  body: Type.Object({ old: Type.String({ maxLength: 200 }), new: password }),
  reply: Type.Object({ ok: Type.Literal(true), csrf: Type.String() }),
} as const satisfies Route;

/** Every error of a /ui route. */
export const uiError = Type.Object({
  error: Type.String({ description: 'Code of docs/errors.md' }),
  message: Type.String(),
  position: Type.Optional(Type.Integer({ description: 'Of the fault in a query, from 0' })),
  retryAfter: Type.Optional(Type.Number({ description: 'Seconds' })),
});
