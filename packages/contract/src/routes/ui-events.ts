/** The live stream: Server-Sent Events. WHATWG HTML, section 9.2. */
import Type from 'typebox';
import { texts, time } from '../parameters.ts';
import type { Route } from '../route.ts';
import { job } from './ui-jobs.ts';

export const TOPICS = ['breach', 'progress', 'status'] as const;
export type Topic = (typeof TOPICS)[number];

/** `data` of each event, as JSON, by the name of the event. */
export const eventData = {
  /** A new breach, or a change to one (acknowledged, commented). */
  breach: Type.Object({
    pbid: Type.Integer(),
    did: Type.Integer(),
    name: Type.String(),
    score: Type.Number(),
    time: time('When it breached'),
    change: Type.Union([Type.Literal('new'), Type.Literal('acknowledged'), Type.Literal('commented')]),
  }),
  /** A job moved on. */
  progress: job,
  /** Figures of the top bar changed. */
  status: Type.Object({ newest: Type.Union([time('Newest record'), Type.Null()]), now: time('Clock') }),
};

export const events = {
  method: 'GET',
  path: '/ui/events',
  doc: 'Server-Sent Events of the named topics, all by default. `Last-Event-ID` resumes; an event named `reset` says that events were lost and lists have to be read again.',
  permission: 'view',
  query: Type.Object({ topics: Type.Optional(texts(`Some of ${TOPICS.join(', ')}`)) }),
  reply: Type.String({ description: 'text/event-stream' }),
} as const satisfies Route;
