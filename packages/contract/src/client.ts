/** A typed client of the documented API that signs its requests; network, clock and HMAC are handed in. */
import { utcText } from '@thymus/core';
import type { BodyOf, ParamsOf, QueryOf, ReplyOf, Route } from './route.ts';
import { type Hmac, sign } from './signature.ts';

export interface Answer {
  status: number;
  headers: { get(name: string): string | null };
  text(): Promise<string>;
}

export interface ClientOptions {
  /** "https://host:port", without a slash at the end. */
  url: string;
  publicToken: string;
  privateToken: string;
  fetch: (
    url: string,
    init: { method: string; headers: Record<string, string>; body?: string; redirect: 'manual' },
  ) => Promise<Answer>;
  /** ms since the epoch. */
  now: () => number;
  hmac: Hmac;
  userAgent?: string;
  /** ms since the epoch of a `Date` header; by it the client follows an appliance whose clock is wrong. */
  parseDate?: (text: string) => number | undefined;
}

/** A refusal, with what the appliance said. */
export class ApiRefusal extends Error {
  readonly status: number;
  readonly body: string;

  constructor(status: number, body: string, what: string) {
    super(`${what}: ${status} ${body.slice(0, 200)}`);
    this.name = 'ApiRefusal';
    this.status = status;
    this.body = body;
  }
}

type Input<R extends Route> = {
  params?: ParamsOf<R>;
  query?: Partial<QueryOf<R>>;
  body?: BodyOf<R>;
  /** What stands in the path for a final `*`. */
  rest?: string;
};

/** Path and query of a request, percent-encoded. Lists are joined by commas. */
export function targetOf(route: Route, input: Input<Route>): string {
  const params = (input.params ?? {}) as Record<string, unknown>;
  const path = route.path
    .replace(/:([a-z]+)/gi, (_, name: string) => encodeURIComponent(String(params[name])))
    .replace(/\*$/, input.rest ?? '');
  const query = Object.entries((input.query ?? {}) as Record<string, unknown>)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => {
      const text = Array.isArray(value) ? value.join(',') : String(value);
      return `${encodeURIComponent(name)}=${encodeURIComponent(text)}`;
    });
  return query.length === 0 ? path : `${path}?${query.join('&')}`;
}

export class ApiClient {
  readonly #options: ClientOptions;
  /** How far the appliance's clock is ahead of ours, ms; learnt when it refuses our date. */
  #offset = 0;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /** Calls a route. Throws ApiRefusal for everything but 200 with JSON. */
  async call<R extends Route>(route: R, input: Input<R> = {}): Promise<ReplyOf<R>> {
    const target = targetOf(route, input as Input<Route>);
    const body = input.body === undefined ? undefined : JSON.stringify(input.body);
    let answer = await this.#send(route.method, target, body);
    let text = await answer.text();
    if (text.includes('API DATE ERROR') && this.#learnOffset(answer)) {
      answer = await this.#send(route.method, target, body);
      text = await answer.text();
    }
    const what = `${route.method} ${target}`;
    if (answer.status !== 200) throw new ApiRefusal(answer.status, text, what);
    try {
      return JSON.parse(text) as ReplyOf<R>;
    } catch {
      throw new ApiRefusal(answer.status, text, what);
    }
  }

  #learnOffset(answer: Answer): boolean {
    const date = this.#options.parseDate?.(answer.headers.get('date') ?? '');
    if (date === undefined) return false;
    this.#offset = date - this.#options.now();
    return true;
  }

  #send(method: string, target: string, body: string | undefined): Promise<Answer> {
    const { url, publicToken, privateToken, hmac, now, userAgent = 'thymus' } = this.#options;
    const date = utcText(now() + this.#offset);
    const signed = body === undefined ? target : `${target}${target.includes('?') ? '&' : '?'}${body}`;
    return this.#options.fetch(`${url}${target}`, {
      method,
      redirect: 'manual',
      headers: {
        Accept: 'application/json',
        'User-Agent': userAgent,
        'DTAPI-Token': publicToken,
        'DTAPI-Date': date,
        'DTAPI-Signature': sign(hmac, privateToken, signed, publicToken, date),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body }),
    });
  }
}
