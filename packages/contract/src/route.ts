/** What a route of the HTTP API is: declared once as data; validation, clients and docs/api.md come from it. */
import type { Static, TObject, TSchema } from 'typebox';

/**
 * What users may do. `admin` includes everything else. The vendor's guide has more flags; those that Thymus has
 * functions for are here.
 */
export const PERMISSIONS = [
  'view',
  'search',
  'acknowledge',
  'comment',
  'devices',
  'status',
  'admin',
] as const;

export type Permission = (typeof PERMISSIONS)[number];

export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Names of variable parts begin with a colon; a final `*` takes the rest of the path as it was sent. */
  readonly path: string;
  /** One sentence for docs/api.md. */
  readonly doc: string;
  /** Needed permission; `session` asks for any user, `open` for none. */
  readonly permission: Permission | 'session' | 'open';
  /** Variable parts of the path. */
  readonly params?: TObject;
  readonly query?: TObject;
  /** JSON; documented routes also take it as a form. */
  readonly body?: TObject;
  readonly reply: TSchema;
}

type StaticOf<T> = T extends TSchema ? Static<T> : Record<never, never>;

/** What a request of a route carries. */
export type ParamsOf<R extends Route> = StaticOf<R['params']>;
export type QueryOf<R extends Route> = StaticOf<R['query']>;
export type BodyOf<R extends Route> = StaticOf<R['body']>;
export type ReplyOf<R extends Route> = Static<R['reply']>;

/** All parameters of a route together, from wherever they come. */
export type InputOf<R extends Route> = ParamsOf<R> & QueryOf<R> & BodyOf<R>;
