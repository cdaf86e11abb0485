/** Copies of recordings at other times and in other networks. */
import type { Random } from '../../packages/core/src/index.ts';
import type { PacketPile } from './packet-pile.ts';
import { findIp, readdress } from './readdress.ts';
import type { Recording } from './recorded.ts';

/** Where copies are placed: ms since the epoch, ms. */
export interface Window {
  from: number;
  duration: number;
}

/** Each recording at a random place of the window; a copy lies in networks of its own. */
export function addCopy(
  pile: PacketPile,
  recordings: readonly Recording[],
  copy: number,
  { from, duration: room }: Window,
  random: Random,
): void {
  for (const { frames, duration, isTunnel } of recordings) {
    if (isTunnel && copy > 0) continue;
    const begin = from + random.next() * (room - duration);
    for (const { offset, bytes } of frames) {
      const start = pile.add(begin + offset, bytes);
      const ip = copy > 0 ? findIp(pile.bytes, start, pile.at) : undefined;
      // An odd multiplier reaches every network once.
      if (ip) readdress(pile.bytes, ip, pile.at, (copy * 53) & 255);
    }
  }
}
