/** Long work in the server, with its progress: imports, and the loading of the simulated estate. */
import Type from 'typebox';
import { done, id, time } from '../parameters.ts';
import type { Route } from '../route.ts';

export const jobProgress = Type.Object({
  done: Type.Number({ description: 'Bytes of the input read; ms of the simulated time' }),
  total: Type.Number({ description: 'Bytes of the input; ms of the simulated time' }),
  records: Type.Number({ description: 'Records made' }),
  file: Type.Optional(Type.String({ description: 'What is read now' })),
});

export const job = Type.Object({
  id: Type.Integer(),
  kind: Type.String(),
  state: Type.Union([
    Type.Literal('running'),
    Type.Literal('done'),
    Type.Literal('failed'),
    Type.Literal('cancelled'),
  ]),
  created: time('Started'),
  finished: Type.Optional(time('Ended')),
  arguments: Type.Unknown(),
  progress: Type.Union([jobProgress, Type.Null()]),
  result: Type.Unknown({ description: 'Figures of a finished job, or `{error, message}` of a failed one' }),
});

export const jobs = {
  method: 'GET',
  path: '/ui/jobs',
  doc: 'The last 100 jobs, newest first.',
  permission: 'view',
  reply: Type.Array(job),
} as const satisfies Route;

export const startJob = {
  method: 'POST',
  path: '/ui/jobs',
  doc: "Starts an import of files or folders on the server's disks.",
  permission: 'admin',
  body: Type.Object({
    kind: Type.Literal('ingest'),
    paths: Type.Array(Type.String({ minLength: 1, maxLength: 4096 }), { minItems: 1, maxItems: 10_000 }),
    case: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9._-]{1,64}$' })),
  }),
  reply: Type.Object({ id: Type.Integer() }),
} as const satisfies Route;

export const cancelJob = {
  method: 'DELETE',
  path: '/ui/jobs/:id',
  doc: 'Stops a running job; what it has stored stays.',
  permission: 'admin',
  params: Type.Object({ id: id('Job') }),
  reply: done,
} as const satisfies Route;
