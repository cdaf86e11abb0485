/** What runs here and whose data it uses. */
import Type from 'typebox';
import { time } from '../parameters.ts';
import type { Route } from '../route.ts';

export const about = {
  method: 'GET',
  path: '/ui/about',
  doc: 'Version, and the reference data in use with the attribution its licence asks for.',
  permission: 'session',
  reply: Type.Object({
    version: Type.String(),
    data: Type.Array(
      Type.Object({
        name: Type.String(),
        version: Type.String(),
        licence: Type.String(),
        attribution: Type.String(),
        url: Type.String(),
      }),
    ),
    started: time('Start of the server'),
  }),
} as const satisfies Route;
