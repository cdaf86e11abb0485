/** Comments on model breaches. */
import Type from 'typebox';
import { id, responsedata, time, window } from '../parameters.ts';
import type { Route } from '../route.ts';

const comment = {
  message: Type.String(),
  username: Type.String(),
  time: time('When it was written'),
  pid: Type.Integer({ description: 'Model' }),
};

export const comments = {
  method: 'GET',
  path: '/modelbreaches/:pbid/comments',
  doc: 'Comments on a breach, oldest first.',
  permission: 'view',
  params: Type.Object({ pbid: id('Breach') }),
  query: Type.Object({ responsedata }),
  reply: Type.Array(Type.Object({ ...comment, commentid: Type.Integer() })),
} as const satisfies Route;

export const addComment = {
  method: 'POST',
  path: '/modelbreaches/:pbid/comments',
  doc: 'Adds a comment.',
  permission: 'comment',
  params: Type.Object({ pbid: id('Breach') }),
  query: Type.Object({ responsedata }),
  body: Type.Object({ message: Type.String({ minLength: 1, maxLength: 10_000 }) }),
  reply: Type.Object({ response: Type.Literal('SUCCESS'), ...comment, commentid: Type.Integer() }),
} as const satisfies Route;

export const mbcomments = {
  method: 'GET',
  path: '/mbcomments',
  doc: 'The latest comments on all breaches, oldest first.',
  permission: 'view',
  query: Type.Object({
    ...window,
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, description: '100 by default' })),
    responsedata,
  }),
  reply: Type.Array(
    Type.Object({ ...comment, pbid: Type.Integer(), name: Type.String({ description: 'Model' }) }),
  ),
} as const satisfies Route;
