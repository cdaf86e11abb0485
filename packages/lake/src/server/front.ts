/** The lake's HTTP front: as much of ClickHouse's HTTP interface as its own client uses, over one engine. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Engine } from './engine.ts';
import { FrontError } from './front-error.ts';

/** More than any block or query of ours; a larger body is refused. */
const MAX_BODY = 256 * 1024 * 1024;

/** A server that is not yet listening. */
export function createFront(engine: Pick<Engine, 'query' | 'insert'>): Server {
  // Parameters travel in the address, and a query may carry hundreds of them.
  return createServer({ maxHeaderSize: 1024 * 1024 }, (request, response) => {
    answer(engine, request).then(
      (body) => response.writeHead(200, { 'content-length': body.length }).end(body),
      (error: unknown) => refuse(response, error),
    );
  });
}

async function answer(
  engine: Pick<Engine, 'query' | 'insert'>,
  request: IncomingMessage,
): Promise<Uint8Array> {
  const url = new URL(request.url ?? '/', 'http://lake');
  if (url.pathname === '/ping') return Buffer.from('Ok.\n');
  const body = await readBody(request);
  const inAddress = url.searchParams.get('query');
  if (inAddress !== null && body.length > 0) {
    await engine.insert(inAddress, body);
    return Buffer.alloc(0);
  }
  return engine.query(inAddress ?? body.toString('utf8'), paramsOf(url));
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY) throw new FrontError(36, `A body of more than ${MAX_BODY} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function paramsOf(url: URL): Record<string, string> {
  const params: Record<string, string> = {};
  for (const [name, value] of url.searchParams) {
    if (name.startsWith('param_')) params[name.slice('param_'.length)] = unescapeTsv(value);
  }
  return params;
}

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', b: '\b', f: '\f', '0': '\0' };

// Clients escape parameters as tab separated values; the binding wants them plain and escapes them itself.
const unescapeTsv = (text: string): string => text.replace(/\\(.)/gs, (_, c: string) => ESCAPES[c] ?? c);

function refuse(response: ServerResponse, error: unknown): void {
  const { clickhouseCode = 1002, message } = error as { clickhouseCode?: number; message: string };
  const text = message.startsWith('Code: ')
    ? message
    : `Code: ${clickhouseCode}. DB::Exception: ${message} (UNKNOWN_EXCEPTION)`;
  response.writeHead(500, { 'x-clickhouse-exception-code': String(clickhouseCode) }).end(text);
}
