/** Opens the sockets of the application: HTTPS for people and programs, one in the data folder for its owner. */
import { chmodSync, rmSync } from 'node:fs';
import { createServer as createLocalServer, type Server } from 'node:http';
import { createSecureServer, type Http2SecureServer, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { ThymusError } from '@thymus/core';
import { loadCertificate } from '../certificate.ts';
import type { App } from './app.ts';
import type { EventHub } from './event-hub.ts';
import type { Bindings } from './principal.ts';

export interface ListenOptions {
  app: App;
  events: EventHub;
  host: string;
  /** 0 = any free port. */
  port: number;
  /** The data folder: certificate and socket lie in it. */
  folder: string;
  now: number;
}

export interface Listening {
  /** "https://127.0.0.1:8443" */
  url: string;
  port: number;
  /** SHA-256 of the certificate, as browsers show it. */
  fingerprint: string;
  /** Ends the streams, answers what is being asked, closes the sockets. */
  close(): Promise<void>;
}

/** Requests that are still running when the server closes get this long, ms. */
const GRACE = 2000;

export const SOCKET_NAME = 'thymus.sock';

type AnyServer = Server | Http2SecureServer;

function listener(app: App, isLocal: boolean) {
  return getRequestListener((request, env) =>
    app.fetch(request, { ...(env as Bindings), ...(isLocal ? { isLocal } : {}) }),
  );
}

/** Opens HTTPS and the socket in the data folder. Throws PORT_TAKEN naming the address. */
export async function listen(options: ListenOptions): Promise<Listening> {
  const { app, events, host, port, folder, now } = options;
  const { key, cert, fingerprint } = await loadCertificate(folder, now);
  const secure = createSecureServer(
    { key, cert, allowHTTP1: true, minVersion: 'TLSv1.2' },
    listener(app, false),
  );
  const connections = new Connections();
  connections.watch(secure);
  await opened(secure, { host, port }, `${host}:${port}`);

  const path = join(folder, SOCKET_NAME);
  const local = createLocalServer(listener(app, true));
  connections.watch(local);
  rmSync(path, { force: true });
  try {
    // the folder is the owner's alone, so that nobody can come in before the mode is set
    await opened(local, { path }, path);
    chmodSync(path, 0o600);
  } catch (error) {
    secure.close();
    throw error;
  }
  const bound = (secure.address() as AddressInfo).port;
  const shownHost = host.includes(':') ? `[${host}]` : host;
  return {
    url: `https://${shownHost}:${bound}`,
    port: bound,
    fingerprint,
    close: async () => {
      events.close();
      await connections.end([secure, local]);
      rmSync(path, { force: true });
    },
  };
}

function opened(server: AnyServer, where: object, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const code = cause.code === 'EADDRINUSE' ? 'PORT_TAKEN' : 'BAD_CONFIG';
      const message =
        code === 'PORT_TAKEN'
          ? `${name} is already in use by another program. Stop it, or choose another address with --listen.`
          : `Cannot listen on ${name}: ${cause.message}.`;
      reject(new ThymusError(code, message, { cause }));
    });
    server.listen(where, () => resolve());
  });
}

/** Knows what is connected, so that closing does not wait for clients that keep connections open. */
class Connections {
  readonly #sockets = new Set<Socket>();
  readonly #sessions = new Set<ServerHttp2Session>();

  watch(server: AnyServer): void {
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    server.on('session', (session: ServerHttp2Session) => {
      this.#sessions.add(session);
      session.once('close', () => this.#sessions.delete(session));
    });
  }

  async end(servers: readonly AnyServer[]): Promise<void> {
    const closed = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    for (const server of servers) if ('closeIdleConnections' in server) server.closeIdleConnections();
    for (const session of this.#sessions) session.close();
    const timer = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy();
    }, GRACE);
    await Promise.all(closed);
    clearTimeout(timer);
  }
}
