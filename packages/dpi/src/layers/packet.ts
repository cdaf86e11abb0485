/** The packet that is being read: one object, filled anew for every frame, so that nothing is allocated per packet. */

export class Packet {
  /** The bytes that are read now: the frame, or a datagram joined from fragments. */
  bytes: Uint8Array = new Uint8Array(0);
  /** The frame itself. */
  frame: Uint8Array = this.bytes;
  /** ms since the epoch. */
  ts = 0;
  /** Where the captured bytes of the frame end. */
  end = 0;
  /** Bytes of the frame that were on the wire but not captured. */
  cut = 0;

  /** VLAN tags plus one, 0 = none. */
  vlan = 0;
  innerVlan = 0;
  /** Virtual network of the innermost tunnel that has one, plus one, 0 = none. */
  vni = 0;
  /** Part of the flow key: a number for VLANs and virtual network, 0 where they part nothing. */
  network = 0;
  /** Where the next frame of an aggregate stands, -1 = the link carries one at a time. */
  nextFrameAt = -1;
  /** Where the source MAC address stands, -1 = the link has none. */
  macAt = -1;

  /** Where the network layer starts, and its EtherType (0x0800, 0x86dd, or something that is not IP). */
  netAt = 0;
  etherType = 0;

  /** Name of what is odd about the link layer, empty for nothing. */
  oddity = '';
  oddityDetail = '';
  odditySource = '';

  /** Addresses as four 32-bit words each; IPv4 mapped into ::ffff:0:0/96. */
  src0 = 0;
  src1 = 0;
  src2 = 0;
  src3 = 0;
  dst0 = 0;
  dst1 = 0;
  dst2 = 0;
  dst3 = 0;
  isV6 = false;
  /** Length of the whole IP packet as its header has it. */
  ipLength = 0;
  ipProto = 0;

  /** Where the transport layer starts. */
  at = 0;
  /** Length of the transport layer as the IP header has it. */
  length = 0;
  /** How much of it was captured; may exceed `length` where the frame was padded. */
  captured = 0;

  srcPort = 0;
  dstPort = 0;
}
