/** The program's log: pino, JSON lines, a child per component, facts as fields. */
import pino, { type Logger } from 'pino';

export type { Logger } from 'pino';

/** Writes to stderr, so that stdout stays free for what a command prints. */
export const createLog = (level = 'info'): Logger =>
  pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2));
