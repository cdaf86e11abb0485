import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type ClientRequest, type IncomingMessage, request as localRequest } from 'node:http';
import { connect } from 'node:http2';
import { request as secureRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Hono } from 'hono';
import { loadCertificate } from '../certificate.ts';
import { EventHub } from './event-hub.ts';
import { listen, SOCKET_NAME } from './listen.ts';
import type { Env } from './serve.ts';

const NOW = Date.UTC(2026, 0, 5);
const DAY = 86_400_000;

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'thymus-listen-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A certificate that an operator put there: CN=example, valid for a month of 2026. */
const FOREIGN = `-----BEGIN CERTIFICATE-----
MIIBeTCCAR+gAwIBAgIUFui6f6uKakVsrvfn9bYzClsi26IwCgYIKoZIzj0EAwIw
EjEQMA4GA1UEAwwHZXhhbXBsZTAeFw0yNjExMjEwNTA1MTZaFw0yNjEyMjEwNTA1
MTZaMBIxEDAOBgNVBAMMB2V4YW1wbGUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
AARO/1v55IfVqefgMqRSYLhqGZhajYvahtVX4a72lwoL1lXsbm2dn04ToLrnA19s
vAx8b9fFeRJsl4t0KDwm23pfo1MwUTAdBgNVHQ4EFgQUERkXsPi5gwfrxHMWZ8Pp
kkEy3gcwHwYDVR0jBBgwFoAUERkXsPi5gwfrxHMWZ8PpkkEy3gcwDwYDVR0TAQH/
BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiAGzdz50nQS7pt9ENxc4MJ/Uhv3zxMf
ZR3t7kUVfTrtvgIhANwZrcCtDv0/b+UcFm5uEhnmXHphRHURVJqZxbdad6zL
-----END CERTIFICATE-----
`;

/** An application that says how it was reached, and streams until its hub is closed. */
function echo(events: EventHub) {
  const app = new Hono<Env>();
  app.get('/', (c) => c.json({ isLocal: c.env.isLocal ?? false, url: c.env.incoming?.url }));
  app.get('/stream', () => {
    const body = new ReadableStream({
      start: (controller) => {
        controller.enqueue(new TextEncoder().encode('data: x\n\n'));
        events.subscribe(
          () => {},
          () => controller.close(),
        );
      },
    });
    return new Response(body);
  });
  return app;
}

async function server(t: TestContext) {
  const folder = folderOf(t);
  const events = new EventHub('e');
  const options = { app: echo(events), events, host: '127.0.0.1', port: 0, folder, now: Date.now() };
  const listening = await listen(options);
  return { folder, options, listening };
}

const bodyOf = (send: (onReply: (incoming: IncomingMessage) => void) => ClientRequest): Promise<string> =>
  new Promise((resolve, reject) => {
    const outgoing = send((incoming) => {
      let text = '';
      incoming.on('data', (chunk) => {
        text += chunk;
      });
      incoming.on('end', () => resolve(text));
    });
    outgoing.on('error', reject);
    outgoing.end();
  });

test('HTTP/1.1, HTTP/2 and the local socket reach one application, which can tell them apart', async (t) => {
  const { folder, listening } = await server(t);
  const ca = readFileSync(join(folder, 'tls.crt'));
  const { port } = listening;
  const one = await bodyOf((onReply) =>
    secureRequest({ host: '127.0.0.1', port, ca, path: '/?a=%2C', agent: false }, onReply),
  );
  assert.deepEqual(JSON.parse(one), { isLocal: false, url: '/?a=%2C' });
  const client = connect(listening.url, { ca });
  const two = await new Promise<string>((resolve, reject) => {
    const stream = client.request({ ':path': '/' });
    let text = '';
    stream.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    stream.on('end', () => resolve(text)).on('error', reject);
  });
  assert.equal(JSON.parse(two).isLocal, false);
  client.close();
  const socketPath = join(folder, SOCKET_NAME);
  assert.equal(statSync(socketPath).mode & 0o777, 0o600);
  assert.equal(
    JSON.parse(await bodyOf((onReply) => localRequest({ socketPath, path: '/' }, onReply))).isLocal,
    true,
  );
  await listening.close();
  assert.equal(existsSync(socketPath), false);
});

test('closing ends streams that clients would keep open', async (t) => {
  const { folder, listening } = await server(t);
  const ca = readFileSync(join(folder, 'tls.crt'));
  const started = Promise.withResolvers<void>();
  const client = connect(listening.url, { ca });
  const stream = client.request({ ':path': '/stream' });
  stream.once('data', () => started.resolve());
  const ended = new Promise((resolve) => stream.once('close', resolve));
  await started.promise;
  await listening.close();
  await ended;
  client.close();
});

test('a taken port says so with its address', async (t) => {
  const { options, listening } = await server(t);
  const folder = folderOf(t);
  const taken = listen({ ...options, folder, port: listening.port });
  await assert.rejects(taken, (error: { code: string; message: string }) => {
    assert.equal(error.code, 'PORT_TAKEN');
    assert.match(error.message, new RegExp(`127\\.0\\.0\\.1:${listening.port} is already in use`));
    return true;
  });
  await assert.rejects(listen({ ...options, folder, host: '203.0.113.1', port: 0 }), { code: 'BAD_CONFIG' });
  await listening.close();
});

test('the certificate is good for this machine and stays', async (t) => {
  const folder = folderOf(t);
  const made = await loadCertificate(folder, NOW);
  const x509 = new X509Certificate(made.cert);
  for (const name of ['localhost']) assert.ok(x509.checkHost(name), name);
  for (const ip of ['127.0.0.1', '::1']) assert.ok(x509.checkIP(ip), ip);
  assert.equal(x509.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1');
  assert.equal(statSync(join(folder, 'tls.key')).mode & 0o777, 0o600);
  assert.equal((await loadCertificate(folder, NOW)).fingerprint, made.fingerprint);
});

test('a certificate of ours is made anew before it ends, somebody else’s never', async (t) => {
  const folder = folderOf(t);
  const made = await loadCertificate(folder, NOW);
  const renewed = await loadCertificate(folder, NOW + 380 * DAY);
  assert.notEqual(renewed.fingerprint, made.fingerprint);
  writeFileSync(join(folder, 'tls.crt'), FOREIGN);
  const kept = await loadCertificate(folder, NOW + 4000 * DAY);
  assert.equal(kept.cert, FOREIGN);
  writeFileSync(join(folder, 'tls.crt'), 'nothing');
  await assert.rejects(loadCertificate(folder, NOW), { code: 'BAD_FILE' });
});
