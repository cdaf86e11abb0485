/** Asks the appliance: JSON over the session cookie, the CSRF token with every write, one kind of error. */
import type { CSRF_HEADER, ReplyOf, Route } from '@thymus/contract';

// written out, as importing the value would pull all schemas into the first page
const CSRF: typeof CSRF_HEADER = 'X-Thymus-CSRF';

/** What went wrong, in words for people and with what a screen needs to react. */
export class ApiError extends Error {
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** Code of docs/errors.md, or the documented API's own words. */
  readonly code: string;
  /** Where in a query the fault lies, from 0. */
  readonly position: number | undefined;
  /** Seconds to wait. */
  readonly retryAfter: number | undefined;
  readonly requestId: string | undefined;

  constructor(status: number, body: Record<string, unknown>, requestId?: string) {
    const code = typeof body['error'] === 'string' ? body['error'] : 'UNREADABLE';
    super(typeof body['message'] === 'string' ? body['message'] : code);
    this.status = status;
    this.code = code;
    this.position = typeof body['position'] === 'number' ? body['position'] : undefined;
    this.retryAfter = typeof body['retryAfter'] === 'number' ? body['retryAfter'] : undefined;
    this.requestId = requestId;
  }
}

type Parameter = string | number | boolean | undefined;
export type Query = Readonly<Record<string, Parameter>>;

/** A path with its parameters; undefined ones are left out. */
export function withQuery(path: string, query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) parameters.set(name, String(value));
  return parameters.size === 0 ? path : `${path}?${parameters}`;
}

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export class Client {
  csrf = '';
  readonly #fetch: Fetch;

  constructor(fetch: Fetch) {
    this.#fetch = fetch;
  }

  get<R extends Route>(path: string, query?: Query, signal?: AbortSignal): Promise<ReplyOf<R>> {
    return this.#send(withQuery(path, query), signal ? { signal } : {});
  }

  post<R extends Route>(path: string, body: unknown = {}): Promise<ReplyOf<R>> {
    const headers = { 'Content-Type': 'application/json', [CSRF]: this.csrf };
    return this.#send(path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  async #send<T>(url: string, init: RequestInit): Promise<T> {
    const answer = await this.#fetch(url, {
      ...init,
      credentials: 'same-origin',
      redirect: 'error',
      headers: { Accept: 'application/json', ...init.headers },
    }).catch((cause: unknown) => {
      if (cause instanceof Error && cause.name === 'AbortError') throw cause;
      throw new ApiError(0, { error: 'NO_ANSWER', message: 'The appliance did not answer.' });
    });
    const requestId = answer.headers.get('X-Request-Id') ?? undefined;
    const body: unknown = await answer.json().catch(() => undefined);
    if (answer.ok && body !== undefined) return body as T;
    const said = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
    throw new ApiError(
      answer.status,
      { message: `The appliance answered ${answer.status} without a reason.`, ...said },
      requestId,
    );
  }
}
