/** Answers a declared route: who asks, may they, what do they ask; then the handler. Routes are registered nowhere else. */
import { type InputOf, type ReplyOf, ROUTES, type Route } from '@thymus/contract';
import { ThymusError } from '@thymus/core';
import type { Context, Hono } from 'hono';
import {
  type Asked,
  type Authenticator,
  checkCsrf,
  checkOrigin,
  checkPermission,
  hasSignature,
} from './authenticate.ts';
import { keepNamed, readInput } from './input.ts';
import { addressOf, type Bindings, type Principal } from './principal.ts';
import { errorResponse, faultResponse, Refusal } from './refusal.ts';
import type { Services } from './services.ts';

export interface Env {
  Bindings: Bindings;
  Variables: { requestId: string };
}

/** A request that has been let in, as handlers see it. */
export interface Call {
  services: Services;
  principal: Principal;
  headers: Headers;
  /** Address of the client. */
  address: string;
  signal: AbortSignal;
  /** What a final `*` of the path stands for, as it was sent. */
  rest: string;
  /** The parameter was given once and without a comma. */
  isSingle(name: string): boolean;
  /** Notes what was done by whom. */
  audit(action: string, target: string, detail?: string): Promise<void>;
}

export type Handler<R extends Route> = (
  input: InputOf<R>,
  call: Call,
) => ReplyOf<R> | Response | Promise<ReplyOf<R> | Response>;

/** What routes are registered on. */
export interface Site {
  app: Hono<Env>;
  services: Services;
  authenticator: Authenticator;
}

/** Routes that a user who must change the password can still use. */
const ALLOWED_BEFORE_CHANGE = new Set(['/ui/session', '/ui/password', '/ui/logout', '/ui/about']);

/** Path and query exactly as they were sent; the router's own form is normalised and would break signatures. */
function targetOf(c: Context<Env>): string {
  const sent = c.env?.incoming?.url;
  if (sent?.startsWith('/')) return sent;
  const { pathname, search } = new URL(c.req.raw.url);
  // an empty query is lost in `search`
  return `${pathname}${search || (c.req.raw.url.endsWith('?') ? '?' : '')}`;
}

/** What of a request decides who asks. */
export const askedBy = async (c: Context<Env>): Promise<Asked> => ({
  method: c.req.method,
  target: targetOf(c),
  headers: c.req.raw.headers,
  body: new Uint8Array(await c.req.arrayBuffer()),
  env: c.env ?? {},
});

const isRead = (method: string): boolean => method === 'GET' || method === 'HEAD';

/** Who asks for the route, if they may. */
async function admit(
  { services, authenticator }: Site,
  route: Route,
  c: Context<Env>,
  asked: Asked,
): Promise<Principal> {
  const { headers } = asked;
  const isOwn = route.path.startsWith('/ui/');
  if (isOwn && hasSignature(headers)) {
    throw new ThymusError('FORBIDDEN', 'This route is for sessions, not for API tokens.');
  }
  const principal = await authenticator.identify(asked);
  const isWrite = !isRead(route.method);
  if (isWrite && principal.via !== 'token' && principal.via !== 'local') {
    checkOrigin(headers, headers.get('host') ?? new URL(c.req.raw.url).host);
  }
  checkPermission(principal, route.permission);
  if (isWrite && principal.via === 'session' && route.permission !== 'open') checkCsrf(headers, principal);
  if (principal.mustChange && !ALLOWED_BEFORE_CHANGE.has(route.path)) {
    throw new ThymusError('FORBIDDEN', 'The password has to be changed first.');
  }
  services.log.debug({ path: route.path, username: principal.username }, 'request');
  return principal;
}

/** The part of the path that a final `*` stands for. */
function restOf(route: Route, path: string): string {
  if (!route.path.endsWith('*')) return '';
  const segments = route.path.split('/').length - 1;
  return path.split('/').slice(segments).join('/');
}

async function answer<R extends Route>(
  site: Site,
  route: R,
  handler: Handler<R>,
  c: Context<Env>,
): Promise<Response> {
  const asked = await askedBy(c);
  const { target, body, env, headers } = asked;
  const principal = await admit(site, route, c, asked);
  const mark = target.indexOf('?');
  const { values, isSingle } = readInput(route, {
    params: c.req.param() as Record<string, string>,
    query: mark < 0 ? '' : target.slice(mark + 1),
    body: new TextDecoder().decode(body),
    isQueryUnsigned: principal.isQueryUnsigned ?? false,
  });
  const { services } = site;
  const reply = await handler(values, {
    services,
    principal,
    headers,
    address: addressOf(env),
    signal: c.req.raw.signal,
    rest: restOf(route, mark < 0 ? target : target.slice(0, mark)),
    isSingle,
    audit: (action, what, detail = '') =>
      services.state.audit({
        time: services.now(),
        username: principal.username,
        action,
        target: what,
        detail,
      }),
  });
  if (reply instanceof Response) return reply;
  return Response.json(keepNamed(reply, (values as { responsedata?: string[] }).responsedata));
}

/** Registers a declared route with its handler. */
export function serve<R extends Route>(site: Site, route: R, handler: Handler<R>): void {
  if (!ROUTES.some(({ path, method }) => path === route.path && method === route.method)) {
    throw new ThymusError('INTERNAL', `${route.method} ${route.path} is not in the contract.`);
  }
  site.app.on(route.method, route.path, async (c) => {
    try {
      return await answer(site, route, handler, c);
    } catch (error) {
      const isOwn = route.path.startsWith('/ui/') || c.env?.isLocal === true;
      return failure(site.services, error, isOwn, c.get('requestId'));
    }
  });
}

/** The answer for whatever a request ended with. */
export function failure(services: Services, error: unknown, isOwn: boolean, requestId: string): Response {
  if (error instanceof Refusal) return error.response;
  if (error instanceof ThymusError && error.code !== 'INTERNAL') {
    if (error.code === 'UNAUTHENTICATED') return errorResponse(error, true);
    return errorResponse(error, isOwn);
  }
  services.log.error({ error, requestId }, 'request failed');
  return faultResponse(requestId);
}
