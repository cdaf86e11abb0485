/** Every error that Thymus raises on purpose: code, HTTP status and meaning stand in one table. */

export const ERRORS = {
  BAD_INPUT: { status: 400, meaning: 'A parameter, body or argument has the wrong form.' },
  BAD_QUERY: { status: 400, meaning: 'An Advanced Search query cannot be read; the position is given.' },
  UNAUTHENTICATED: { status: 401, meaning: 'Nobody is logged in, or the session has ended.' },
  FORBIDDEN: { status: 403, meaning: 'The user lacks the permission that is named.' },
  NOT_FOUND: { status: 404, meaning: 'The object asked for does not exist.' },
  CONFLICT: { status: 409, meaning: 'The object exists already or was changed by someone else.' },
  TOO_MANY: { status: 429, meaning: 'Too many tries; the answer says when to come back.' },
  BAD_CONFIG: { status: 500, meaning: 'The configuration has a wrong or unknown value.' },
  BAD_FILE: { status: 400, meaning: 'A file is not what it should be, or is damaged.' },
  NEWER_DATA: { status: 500, meaning: 'The data folder was written by a newer version.' },
  DATA_IN_USE: { status: 409, meaning: 'Another process owns the data folder.' },
  PORT_TAKEN: { status: 500, meaning: 'The address to listen on is already in use.' },
  DISK_FULL: { status: 507, meaning: 'The disk has no room left.' },
  LAKE_DOWN: { status: 503, meaning: 'The event lake does not answer.' },
  QUERY_LIMIT: { status: 503, meaning: 'A query ran into its time, row or memory limit.' },
  CAPTURE_FAILED: { status: 500, meaning: 'Live capture could not start or ended by itself.' },
  INTERNAL: { status: 500, meaning: 'A fault of ours.' },
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** An error with a code of the table; the message says what, where and what was expected. */
export class ThymusError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'ThymusError';
    this.code = code;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }
}
