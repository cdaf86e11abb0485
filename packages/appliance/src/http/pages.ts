/** The web interface: its files, and the plain paths of the manual that lead into it. */
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import type { Context } from 'hono';
import { hasSignature } from './authenticate.ts';
import type { Env } from './serve.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
};

/** Pages of the manual with the screens that have taken their place. Some are endpoints for programs as well. */
const SCREENS: Readonly<Record<string, string>> = {
  '/login': '/',
  '/sysstatus': '/#/sysstatus',
  '/status': '/#/sysstatus',
  '/config': '/#/config',
  '/advancedsearch': '/#/search',
  '/console': '/#/console',
};

const NOT_BUILT = 'The web interface has not been built: run `npm run web`.\n';

/** True for a person's browser that goes to a page; programs sign or do not ask for HTML. */
export const isNavigation = (headers: Headers): boolean =>
  (headers.get('accept') ?? '').includes('text/html') && !hasSignature(headers);

/** Where a browser is sent that asks for a plain path, or undefined. */
export const screenOf = (path: string): string | undefined => SCREENS[path.replace(/(?<=.)\/$/, '')];

/** Serves the files that are in the folder now; nothing else can be reached. */
export function pages(root: string | undefined): (c: Context<Env>) => Response | undefined {
  const files = new Map<string, string>();
  for (const path of root === undefined ? [] : filesIn(root)) {
    files.set(`/${relative(root!, path).split(sep).join('/')}`, path);
  }
  return (c) => {
    const { pathname } = new URL(c.req.raw.url);
    if (pathname === '/' && !files.has('/index.html')) {
      return new Response(NOT_BUILT, { status: 503, headers: { 'Content-Type': 'text/plain' } });
    }
    const name = pathname === '/' ? '/index.html' : pathname;
    const path = files.get(name);
    return path === undefined ? undefined : fileResponse(name, path);
  };
}

function filesIn(root: string): string[] {
  try {
    return readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return []; // not built
  }
}

/** Names below /assets/ carry a hash of their content. */
function fileResponse(name: string, path: string): Response {
  const isHashed = name.startsWith('/assets/');
  return new Response(new Uint8Array(readFileSync(path)), {
    headers: {
      'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream',
      'Cache-Control': isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
    },
  });
}
