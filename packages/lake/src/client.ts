/** Speaks ClickHouse HTTP to a lake: the child process over its unix socket, or a ClickHouse server. */
import { Agent, type AgentOptions } from 'node:http';
import { Readable } from 'node:stream';
import { type ClickHouseClient, ClickHouseError, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { type ErrorCode, ThymusError } from '@thymus/core';

/** Values of the placeholders `{p0:String}` of a statement. */
export type Params = Readonly<Record<string, string | number>>;

export interface ClientOptions {
  /** Address of a ClickHouse server; not needed with a socket. */
  url?: string;
  socketPath?: string;
  username?: string;
  password?: string;
  database?: string;
}

/** ClickHouse's numbers that mean the asker is at fault, or asked for too much. */
const CODES: ReadonlyMap<string, ErrorCode> = new Map([
  ['33', 'BAD_FILE'], // CANNOT_READ_ALL_DATA
  ['27', 'BAD_FILE'], // CANNOT_PARSE_INPUT_ASSERTION_FAILED
  ['131', 'BAD_FILE'], // TOO_LARGE_STRING_SIZE
  ['128', 'BAD_FILE'], // TOO_LARGE_ARRAY_SIZE
  ['427', 'BAD_QUERY'], // CANNOT_COMPILE_REGEXP
  ['158', 'QUERY_LIMIT'], // TOO_MANY_ROWS
  ['159', 'QUERY_LIMIT'], // TIMEOUT_EXCEEDED
  ['160', 'QUERY_LIMIT'], // TOO_SLOW
  ['191', 'QUERY_LIMIT'], // SET_SIZE_LIMIT_EXCEEDED
  ['241', 'QUERY_LIMIT'], // MEMORY_LIMIT_EXCEEDED
  ['307', 'QUERY_LIMIT'], // TOO_MANY_BYTES
  ['396', 'QUERY_LIMIT'], // TOO_MANY_ROWS_OR_BYTES
  ['243', 'DISK_FULL'], // NOT_ENOUGH_SPACE
]);

export class LakeClient {
  readonly #client: ClickHouseClient;
  readonly #agent: Agent | undefined;

  constructor({ socketPath, url, ...access }: ClientOptions) {
    // An agent passes all its options on to net.connect; its types do not say so.
    const options = { socketPath, keepAlive: true, maxSockets: 16 } as AgentOptions;
    this.#agent = socketPath ? new Agent(options) : undefined;
    this.#client = createClient({
      ...access,
      url: url ?? 'http://lake',
      request_timeout: 120_000,
      max_open_connections: 16,
      log: { level: ClickHouseLogLevel.OFF },
      // The default of our engine; servers before 25.8 put them into quotes.
      clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
      ...(this.#agent && { http_agent: this.#agent }),
    });
  }

  /** The answer's bytes, in the format that the statement names. Throws a ThymusError. */
  async bytes(sql: string, params: Params = {}): Promise<Buffer> {
    return this.#ask(async () => {
      const { stream } = await this.#client.exec({ query: sql, query_params: params });
      const chunks: Buffer[] = [];
      for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
      return Buffer.concat(chunks);
    });
  }

  /** The answer as objects, one per row. 64-bit integers arrive as numbers. */
  async json<T>(sql: string, params: Params = {}): Promise<T[]> {
    const text = (await this.bytes(`${sql} FORMAT JSONEachRow`, params)).toString('utf8');
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as T);
  }

  /** Runs a statement that answers nothing. */
  async command(sql: string): Promise<void> {
    await this.bytes(sql);
  }

  /** Sends rows in RowBinary with an `INSERT INTO … FORMAT RowBinary`. */
  async insert(sql: string, rows: Uint8Array): Promise<void> {
    await this.#ask(async () => {
      const { stream } = await this.#client.exec({ query: sql, values: Readable.from([rows]) });
      for await (const _ of stream);
    });
  }

  async close(): Promise<void> {
    await this.#client.close();
    this.#agent?.destroy();
  }

  async #ask<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw asThymusError(error);
    }
  }
}

function asThymusError(error: unknown): ThymusError {
  const { message } = error as Error;
  if (!(error instanceof ClickHouseError)) {
    return new ThymusError('LAKE_DOWN', `The event lake does not answer: ${message}.`, { cause: error });
  }
  const code = /no space left on device/i.test(message) ? 'DISK_FULL' : (CODES.get(error.code) ?? 'INTERNAL');
  const [, regexFault] = /cannot compile re2: .*?, error: ([^:]+)/.exec(message) ?? [];
  const text = regexFault ? `A regular expression cannot be read: ${regexFault}` : message.split('\n', 1)[0]!;
  if (code === 'DISK_FULL')
    return new ThymusError(code, `No room is left on the disk of the event lake: ${text.trim()}`, {
      cause: error,
    });
  return new ThymusError(code, text, { cause: error });
}
