/** The HTTP side of an appliance as one function from request to answer; sockets are opened in listen.ts. */
import { randomUUID } from 'node:crypto';
import { ROUTES, type Route } from '@thymus/contract';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { registerRoutes } from '../routes/index.ts';
import { Authenticator, hasSignature } from './authenticate.ts';
import { secured } from './headers.ts';
import { isNavigation, pages, screenOf } from './pages.ts';
import { redirectToLogin } from './refusal.ts';
import { askedBy, type Env, failure, type Site } from './serve.ts';
import type { Services } from './services.ts';

/** Larger than any request of ours; uploads have routes of their own when they come. */
const MAX_BODY = 1024 * 1024;

export type App = Hono<Env>;

/** Builds the application. `app.request(path, init)` answers without a socket. */
export function createApp(services: Services): App {
  const app: App = new Hono<Env>({ strict: true });
  const site: Site = { app, services, authenticator: new Authenticator(services) };
  const page = pages(services.webRoot);

  app.use('*', async (c, next) => {
    c.set('requestId', randomUUID());
    await next();
    c.res = secured(c.res, c.get('requestId'));
  });
  app.use('*', async (c, next) => {
    if (c.req.method === 'GET' && isNavigation(c.req.raw.headers)) {
      const screen = screenOf(c.req.path);
      if (screen !== undefined) return c.redirect(screen, 302);
    }
    return next();
  });
  app.use(
    '*',
    bodyLimit({
      maxSize: MAX_BODY,
      onError: () =>
        Response.json({ error: 'BAD_INPUT', message: 'The body is larger than 1 MiB.' }, { status: 413 }),
    }),
  );
  registerRoutes(site);
  app.notFound(async (c) => {
    const { headers } = c.req.raw;
    const isRead = c.req.method === 'GET' || c.req.method === 'HEAD';
    const file = isRead && !hasSignature(headers) ? page(c) : undefined;
    if (file) return file;
    const { pathname } = new URL(c.req.raw.url);
    if (pathname.startsWith('/ui/')) {
      return c.json({ error: 'NOT_FOUND', message: `There is no ${c.req.method} ${pathname}.` }, 404);
    }
    if (hasSignature(headers)) await site.authenticator.identify(await askedBy(c));
    if (isOtherMethod(pathname)) {
      return c.json({ error: 'METHOD ERROR', message: `${pathname} does not take ${c.req.method}.` }, 405);
    }
    return redirectToLogin();
  });
  app.onError((error, c) => failure(services, error, true, c.get('requestId')));
  return app;
}

const PATTERNS = ROUTES.filter(({ path }) => !path.startsWith('/ui/')).map(patternOf);

function patternOf({ path }: Route): RegExp {
  const source = path
    .replace(/[.+]/g, '\\$&')
    .replace(/:[a-z]+/gi, '[^/]+')
    .replace(/\*$/, '.+');
  return new RegExp(`^${source}$`);
}

const isOtherMethod = (path: string): boolean => PATTERNS.some((pattern) => pattern.test(path));
