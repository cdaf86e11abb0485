/** Refusals as answers: on documented routes in the words that clients of the API look for, elsewhere our own codes. */
import { ThymusError } from '@thymus/core';

/** An answer that ends a request early. */
export class Refusal extends Error {
  readonly response: Response;

  constructor(response: Response) {
    super(`refused with ${response.status}`);
    this.name = 'Refusal';
    this.response = response;
  }
}

/** Codes that the documented API has words for. */
const WORDS: Partial<Record<ThymusError['code'], string>> = {
  BAD_INPUT: 'INPUT ERROR',
  BAD_QUERY: 'INPUT ERROR',
  NOT_FOUND: 'DATANOTFOUND ERROR',
  FORBIDDEN: 'PERMISSION ERROR',
};

/** Query faults name their place in words, counted from 1. */
function positionOf({ code, message }: ThymusError): { position?: number } {
  const match = code === 'BAD_QUERY' ? /\(position (\d+)\)/.exec(message) : null;
  return match ? { position: Number(match[1]) - 1 } : {};
}

/** The answer for an error that was raised on purpose. */
export function errorResponse(error: ThymusError, isOwnRoute: boolean): Response {
  const code = isOwnRoute ? error.code : (WORDS[error.code] ?? error.code);
  return Response.json(
    { error: code, message: error.message, ...(isOwnRoute ? positionOf(error) : {}) },
    { status: error.status },
  );
}

/** What an unforeseen fault answers: nothing about its cause, which stands in the log under the same number. */
export const faultResponse = (requestId: string): Response =>
  Response.json(
    { error: 'INTERNAL', message: `A fault of ours; the log has it under ${requestId}.` },
    { status: 500 },
  );

/** 429 with the time to wait, ms. */
export function tooMany(wait: number): Refusal {
  const retryAfter = Math.max(1, Math.ceil(wait / 1000));
  return new Refusal(
    Response.json(
      { error: 'TOO_MANY', message: `Too many tries. Come back in ${retryAfter} s.`, retryAfter },
      { status: 429, headers: { 'Retry-After': String(retryAfter) } },
    ),
  );
}

/** What clients of the API know as a refused signature or date. */
export const apiError = (words: 'API SIGNATURE ERROR' | 'API DATE ERROR'): Refusal =>
  new Refusal(Response.json({ error: words }, { status: 400 }));

/** What the API answers for paths that it does not have. */
export const redirectToLogin = (): Response =>
  new Response('Found. Redirecting to /login', {
    status: 302,
    headers: { Location: '/login', 'Content-Type': 'text/plain; charset=utf-8' },
  });

/** Raised where something asked for by its number is not there. */
export const notFound = (what: string): ThymusError => new ThymusError('NOT_FOUND', `There is no ${what}.`);

export const badInput = (message: string): ThymusError => new ThymusError('BAD_INPUT', message);
