/** How commands end: exit codes, and errors as one sentence with a hint. */
import { type ErrorCode, ThymusError } from '@thymus/core';
import { harmless, terminal } from './output.ts';

/** 0 done, 1 failed, 2 wrong usage, 3 not allowed, 4 not reachable, 5 done in part, 78 wrong configuration (EX_CONFIG). */
export const EXIT = { ok: 0, failed: 1, usage: 2, auth: 3, unreachable: 4, partial: 5, config: 78 } as const;

const CODES: Partial<Record<ErrorCode, number>> = {
  BAD_INPUT: EXIT.usage,
  BAD_QUERY: EXIT.usage,
  UNAUTHENTICATED: EXIT.auth,
  FORBIDDEN: EXIT.auth,
  TOO_MANY: EXIT.auth,
  BAD_CONFIG: EXIT.config,
};

/** SQLITE_FULL: no room on the disk. */
const SQLITE_FULL = 13;

/** Prints an error without a stack trace and returns the exit code for it. */
export function reportError(error: unknown): number {
  if (error instanceof ThymusError) {
    terminal.note(`thymus: ${harmless(error.message)}\n`);
    return CODES[error.code] ?? EXIT.failed;
  }
  const { code, errcode, message } = error as NodeJS.ErrnoException & { errcode?: number };
  if (code === 'ECONNREFUSED' || code === 'ENOENT' || code === 'ECONNRESET') {
    terminal.note(`thymus: the server does not answer (${harmless(message)}).\n`);
    return EXIT.unreachable;
  }
  if (code === 'ENOSPC' || errcode === SQLITE_FULL) {
    terminal.note('thymus: no room left on the disk.\n');
    return EXIT.failed;
  }
  terminal.note(`thymus: ${harmless(message ?? String(error))}\n`);
  if (process.env['THYMUS_DEBUG']) terminal.note(`${(error as Error).stack}\n`);
  return EXIT.failed;
}
