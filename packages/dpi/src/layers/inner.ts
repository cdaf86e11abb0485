/** The step from a packet to the one inside it, which all tunnels share. */
import type { PacketWeird } from './ip.ts';
import { findNetworkLayer, IPV4, IPV6 } from './link.ts';
import type { Packet } from './packet.ts';

const ETHERNET = 1;
const SOURCE = 'IPTUNNEL';

const u16 = (b: Uint8Array, at: number): number => (b[at]! << 8) | b[at + 1]!;

/** The EtherType that the version of an IP header says, 0 for neither. */
export function version(b: Uint8Array, at: number, to: number): number {
  const number = at < to ? b[at]! >> 4 : 0;
  return number === 4 ? IPV4 : number === 6 ? IPV6 : 0;
}

/** Sets the packet to the IP packet at `at`, which is read up to `to`. */
export function enterIp(p: Packet, type: number, at: number, to: number): void {
  leave(p, to);
  p.vlan = 0;
  p.innerVlan = 0;
  p.macAt = -1;
  p.netAt = at;
  p.etherType = type;
  p.oddity = '';
}

/** Sets the packet to the frame at `at`, Ethernet unless told otherwise. */
export function enterFrame(p: Packet, at: number, to: number, linktype = ETHERNET): void {
  leave(p, to);
  findNetworkLayer(p, at, linktype);
}

/** What the outer packet lacks, the inner one lacks too; what pads the outer frame belongs to neither. */
function leave(p: Packet, to: number): void {
  p.cut = Math.max(0, p.length - p.captured);
  p.end = to;
  p.frame = p.bytes;
}

/** True if an IP packet of the type fills the space it has, as it must where nothing but the outer packet bounds it. */
export function checkInner(p: Packet, type: number, at: number, to: number, weird: PacketWeird): boolean {
  const b = p.bytes;
  const space = to - at + Math.max(0, p.length - p.captured);
  const least = type === IPV4 ? 20 : 40;
  const isThere = to - at >= least;
  if (isThere && version(b, at, to) !== type) weird(p, 'invalid_inner_IP_version', '', SOURCE, true);
  else {
    const size = !isThere ? Infinity : type === IPV4 ? u16(b, at + 2) : u16(b, at + 4) + 40;
    if (size === space) return true;
    const name = size > space ? 'truncated_inner_IP' : 'inner_IP_payload_length_mismatch';
    weird(p, name, '', SOURCE, true);
  }
  return false;
}
