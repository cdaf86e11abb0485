/** Where data connections go to: PORT, EPRT and the replies to PASV and EPSV. RFC 959 §4.1.2, RFC 2428. */
import { canonicalAddress } from '@thymus/core';

export interface Channel {
  /** Undefined where it is the server's own. */
  readonly ip: string | undefined;
  readonly port: number;
}

const isPort = (port: number): boolean => port > 0 && port < 65_536;

/** `h1,h2,h3,h4,p1,p2`, anywhere in a text. */
export function parsePort(text: string): Channel | undefined {
  const parts = /(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3})/.exec(text);
  if (!parts) return undefined;
  const numbers = parts.slice(1).map(Number);
  if (numbers.some((number) => number > 255)) return undefined;
  const port = numbers[4]! * 256 + numbers[5]!;
  return isPort(port) ? { ip: numbers.slice(0, 4).join('.'), port } : undefined;
}

/** `|2|2001:db8::1|6446|` with any delimiter; the reply to EPSV leaves all but the port empty. */
export function parseExtended(text: string): Channel | undefined {
  const parts = /([!-~])([12]?)\1([0-9a-fA-F:.]*)\1(\d{1,5})\1/.exec(text);
  if (!parts || !isPort(Number(parts[4]))) return undefined;
  const ip = parts[3] === '' ? undefined : canonicalAddress(parts[3]!);
  return parts[3] !== '' && ip === undefined ? undefined : { ip, port: Number(parts[4]) };
}
