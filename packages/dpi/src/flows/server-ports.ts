/** Ports that tell a server where the first packet does not: those that Zeek's protocol scripts list as likely. */

const TCP_PORTS: readonly number[] = [
  21, 22, 25, 53, 80, 81, 88, 110, 135, 139, 143, 389, 443, 445, 502, 563, 585, 587, 614, 631, 636, 989, 990,
  992, 993, 995, 1080, 1434, 1883, 2811, 3128, 3268, 3306, 3389, 5060, 5222, 5223, 5269, 5432, 6379, 6666,
  6667, 6668, 6669, 8000, 8080, 8443, 8883, 8888, 20000,
];
const UDP_PORTS: readonly number[] = [
  53, 67, 88, 123, 137, 161, 162, 389, 443, 514, 784, 1812, 2123, 2152, 3389, 3544, 4789, 5060, 5072, 5353,
  5355, 6081, 20000,
];

const toTable = (ports: readonly number[]): Uint8Array => {
  const table = new Uint8Array(65_536);
  for (const port of ports) table[port] = 1;
  return table;
};
const tcp = toTable(TCP_PORTS);
const udp = toTable(UDP_PORTS);

/**
 * True if the sender of a connection's first packet is likely its responder. An answer to a SYN (`isAnswer`) is turned
 * around also from a port that nobody lists, if it is the lower one: a stealth scan comes from a high port.
 */
export function looksLikeTcpReply(source: number, dest: number, isAnswer: boolean): boolean {
  if (tcp[source] === 1 && tcp[dest] === 0) return true;
  return source < dest && (isAnswer || tcp[source] === 1);
}

export const looksLikeUdpReply = (source: number, dest: number): boolean =>
  udp[source] === 1 && udp[dest] === 0;

/** DNS, NetBIOS names, mDNS and LLMNR: their connections end soon after the last answer. */
export const isDnsPort = (port: number): boolean =>
  port === 53 || port === 137 || port === 5353 || port === 5355;
