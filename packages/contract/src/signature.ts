/**
 * Signed requests: HMAC-SHA1 over request, public token and date. MSSP guide, Appendix A.
 *
 * Clients sign the request before or after their HTTP library encodes it, so that several texts have to be tried
 * against one signature. A text that differs from what was sent is only believed if it says the same, pair by pair:
 * otherwise an encoded `&` could smuggle in a parameter that nobody signed.
 */
import { parseApiDate } from './api-date.ts';

/** HMAC-SHA1 of the message under the key, as hex. */
export type Hmac = (key: string, message: Uint8Array) => string;

/** How far a client's clock may be away, ms. */
export const DATE_WINDOW = 30 * 60_000;

export interface SignedRequest {
  method: string;
  /** Path and query exactly as they were sent. */
  target: string;
  /** The body as it was sent; empty if there is none. */
  body: Uint8Array;
  token: string;
  date: string;
  signature: string;
}

export interface Verified {
  /**
   * False where a POST signed path and body alone: then nothing but `responsedata` of the query is to be believed.
   */
  isQuerySigned: boolean;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const strictDecoder = new TextDecoder('utf-8', { fatal: true });

type Pair = readonly [name: string, value: string];

/** `%XX` as UTF-8; what is no encoding stays as it is. */
function percentDecoded(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    const bytes = Uint8Array.from(run.slice(1).split('%'), (hex) => Number.parseInt(hex, 16));
    try {
      return strictDecoder.decode(bytes);
    } catch {
      return run;
    }
  });
}

const formDecoded = (text: string): string => percentDecoded(text.replaceAll('+', ' '));

/** Name and value pairs of a query or a form, decoded by `decode`. */
function pairsOf(text: string, decode: (part: string) => string = (part) => part): Pair[] {
  if (text === '') return [];
  return text.split('&').map((part) => {
    const equals = part.indexOf('=');
    return equals < 0 ? [decode(part), ''] : [decode(part.slice(0, equals)), decode(part.slice(equals + 1))];
  });
}

/** The pairs that a query or form means. */
export const formPairs = (text: string): Pair[] => pairsOf(text, formDecoded);

function saysTheSame(decodedText: string, sent: readonly Pair[]): boolean {
  const pairs = pairsOf(decodedText);
  return (
    pairs.length === sent.length &&
    pairs.every(([name, value], i) => name === sent[i]![0] && value === sent[i]![1])
  );
}

/** A body is JSON if it looks like it, whatever its type says: not every client sets one. */
export const isJsonBody = (body: string): boolean => /^\s*[{[]/.test(body);

interface Candidate {
  text: string | Uint8Array;
  isQuerySigned: boolean;
}

function withoutBody(path: string, query: string | undefined): Candidate[] {
  const target = query === undefined ? path : `${path}?${query}`;
  const candidates: Candidate[] = [{ text: target, isQuerySigned: true }];
  const add = (text: string) => candidates.push({ text, isQuerySigned: true });
  if (query === undefined || query === '') {
    add(path);
    add(`${path}?`);
  } else {
    for (const decode of [formDecoded, percentDecoded]) {
      const text = decode(query);
      if (saysTheSame(text, pairsOf(query, decode))) add(`${path}?${text}`);
    }
  }
  const decodedPath = percentDecoded(path);
  // an encoded `?` would move the border between path and query
  if (decodedPath !== path && !decodedPath.includes('?')) {
    add(query === undefined ? decodedPath : `${decodedPath}?${query}`);
  }
  return candidates;
}

function withBody(path: string, query: string | undefined, body: Uint8Array): Candidate[] {
  const isQuerySigned = query === undefined || query === '';
  const joined = (start: string): Uint8Array => {
    const head = encoder.encode(start);
    const all = new Uint8Array(head.length + body.length);
    all.set(head);
    all.set(body, head.length);
    return all;
  };
  const candidates: Candidate[] = [{ text: joined(`${path}?`), isQuerySigned }];
  if (!isQuerySigned) candidates.push({ text: joined(`${path}?${query}&`), isQuerySigned: true });
  const form = decoder.decode(body);
  if (isJsonBody(form)) return candidates;
  const decoded = formDecoded(form);
  if (saysTheSame(decoded, formPairs(form))) candidates.push({ text: `${path}?${decoded}`, isQuerySigned });
  candidates.push({ text: `${path}?${form.replace(/%2c/gi, ',')}`, isQuerySigned });
  return candidates;
}

/** The texts that a client may have signed for this request. */
function candidatesOf({ target, body }: SignedRequest): Candidate[] {
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  const query = mark < 0 ? undefined : target.slice(mark + 1);
  return body.length === 0 ? withoutBody(path, query) : withBody(path, query, body);
}

function messageOf(request: string | Uint8Array, token: string, date: string): Uint8Array {
  const head = typeof request === 'string' ? encoder.encode(request) : request;
  const tail = encoder.encode(`\n${token}\n${date}`);
  const message = new Uint8Array(head.length + tail.length);
  message.set(head);
  message.set(tail, head.length);
  return message;
}

/** The signature of a request, as clients send it. */
export const sign = (hmac: Hmac, key: string, request: string, token: string, date: string): string =>
  hmac(key, messageOf(request, token, date));

/** True for equal texts; how long it takes does not depend on where they differ. */
export function equalInConstantTime(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i % (b.length || 1));
  return difference === 0;
}

/** True if the date of a request can be read and lies within half an hour of `now`. */
export function isDateValid(date: string, now: number): boolean {
  const time = parseApiDate(date);
  return time !== undefined && Math.abs(time - now) <= DATE_WINDOW;
}

/** Checks a signature under the private token; undefined if it is wrong. The date is checked by `isDateValid`. */
export function verify(request: SignedRequest, privateToken: string, hmac: Hmac): Verified | undefined {
  const given = request.signature.toLowerCase();
  let found: Verified | undefined;
  for (const { text, isQuerySigned } of candidatesOf(request)) {
    const expected = hmac(privateToken, messageOf(text, request.token, request.date));
    if (equalInConstantTime(expected, given)) found ??= { isQuerySigned };
  }
  return found;
}
