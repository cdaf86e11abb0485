/** Which command a reply answers, where a client does not wait: by code, then by words, then the oldest. RFC 959 §5.4, RFC 2389, RFC 2428, RFC 3659. */

/** A command that waits for its reply. */
export interface Command {
  readonly ts: number;
  readonly name: string;
  readonly argument: string;
  /** The working directory was changed by it already. */
  isConsumed: boolean;
}

/** Codes with which servers answer. */
const CODES: Readonly<Record<string, string>> = {
  '<init>': '120 220 421 0',
  USER: '230 331 332 421 530 500 501',
  PASS: '230 202 332 421 530 500 501 503',
  ACCT: '230 202 421 530 500 501 503',
  CWD: '250 421 500 501 502 530 550',
  CDUP: '200 250 421 500 501 502 530 550',
  SMNT: '202 250 421 500 501 502 530 550',
  REIN: '120 220 421 500 502',
  QUIT: '221 500 0',
  PORT: '200 421 500 501 530',
  PASV: '227 421 500 501 502 530',
  MODE: '200 421 500 501 502 504 530',
  TYPE: '200 421 500 501 504 530',
  STRU: '200 421 500 501 504 530',
  ALLO: '200 202 421 500 501 504 530',
  REST: '200 350 421 500 501 502 530',
  STOR: '110 125 150 226 250 421 425 426 451 551 552 532 450 452 553 500 501 530 550',
  STOU: '110 125 150 226 250 421 425 426 451 551 552 532 450 452 553 500 501 530 550',
  RETR: '110 125 150 226 250 421 425 426 451 450 500 501 530 550',
  LIST: '125 150 226 250 421 425 426 451 450 500 501 502 530 550',
  NLST: '125 150 226 250 421 425 426 451 450 500 501 502 530 550',
  APPE: '125 150 226 250 421 425 426 451 551 552 532 450 550 452 553 500 501 502 530',
  RNFR: '350 421 450 550 500 501 502 530',
  RNTO: '250 421 532 553 500 501 502 503 530',
  DELE: '250 421 450 550 500 501 502 530',
  RMD: '250 421 500 501 502 530 550',
  MKD: '257 421 500 501 502 530 550',
  PWD: '257 421 500 501 502 550',
  ABOR: '225 226 421 500 501 502',
  SYST: '215 421 500 501 502 530',
  STAT: '211 212 213 421 450 500 501 502 530',
  HELP: '200 211 214 421 500 501 502',
  SITE: '200 202 214 500 501 502 530',
  NOOP: '200 421 500',
  LPRT: '500 501 521',
  FEAT: '211 500 502',
  OPTS: '200 451 501',
  EPSV: '229 500 501',
  EPRT: '200 500 501 522',
  SIZE: '213 500 501 550',
  MDTM: '213 500 501 550',
  MLST: '150 226 250 500 501 550',
  MLSD: '150 226 250 500 501 550',
  CLNT: '200 500',
  MACB: '200 500 550',
};

const codesOf = new Map(
  Object.entries(CODES).map(([name, codes]) => [name, new Set(codes.split(' ').map(Number))]),
);

/** True for commands that every server knows. */
export const isKnownCommand = (name: string): boolean => codesOf.has(name) || name === 'AUTH';

function score({ name, argument }: Command, code: number, text: string): number {
  const fits = code === 500 || codesOf.get(name)?.has(code) === true;
  const isNamed = text.includes(name);
  return (fits ? 100 : 0) + (isNamed ? 20 : 0) + (argument !== '' && text.includes(argument) ? 10 : 0);
}

/** The command that a reply answers best; undefined where none waits. */
export function answered(pending: Iterable<Command>, code: number, text: string): Command | undefined {
  let best: Command | undefined;
  let most = -1;
  for (const command of pending) {
    const points = score(command, code, text);
    if (points <= most) continue;
    most = points;
    best = command;
  }
  return best;
}
