/** What a worker thread says of an error: a code and a sentence for people; the stack only with THYMUS_DEBUG. */
import { type ErrorCode, ThymusError } from '@thymus/core';

/** SQLITE_FULL: the disk has no room, or the database has reached its limit. */
const SQLITE_FULL = 13;

export function failureOf(error: unknown): { code: ErrorCode; message: string } {
  if (error instanceof ThymusError) return error;
  const { code, errcode, message, stack } = error as NodeJS.ErrnoException & { errcode?: number };
  if (code === 'ENOSPC' || code === 'EDQUOT' || errcode === SQLITE_FULL)
    return { code: 'DISK_FULL', message: 'No room is left on the disk of the data folder.' };
  const detail = process.env['THYMUS_DEBUG'] ? stack : message;
  return { code: 'INTERNAL', message: `A fault of ours: ${detail ?? String(error)}` };
}

/** The error again that a worker thread told of. */
export const errorOf = ({ code, message }: { code: string; message: string }): ThymusError =>
  new ThymusError(code as ErrorCode, message);
