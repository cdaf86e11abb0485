/**
 * DNS tunnels by their information rate: each new label under a base domain carries about length × entropy bits; nobody
 * but a tunnel moves thousands in ten minutes. Benign maximum on public crawls 1,513 bits, tunnels 20,000 and more.
 */
import { hashText } from '@thymus/core';
import { touch } from '../devices/state.ts';

const WINDOW = 600_000;
const MAX_DOMAINS = 16;
/** Block lists are asked for addresses backwards (RFC 5782): mail servers do that by the thousand, and tunnels do not. */
const REVERSED = /^\d{1,3}(\.\d{1,3}){3}(\.|$)/;
/** Labels remembered per domain and window; a tunnel fills them and counts on. */
const MAX_LABELS = 1024;

export interface Channel {
  /** Start of the window, ms, and the bits in it. */
  from: number;
  bits: number;
  names: number;
  seen: Set<number>;
}

/** New bits of a name under its base domain, 0 for names that were asked before; and the channel they went through. */
export function leak(
  channels: Map<string, Channel>,
  name: string,
  domain: string,
  ts: number,
): { bits: number; channel: Channel } {
  let channel = channels.get(domain);
  if (!channel || ts - channel.from > WINDOW) channel = { from: ts, bits: 0, names: 0, seen: new Set() };
  touch(channels, domain, channel, MAX_DOMAINS);
  const label = name.slice(0, Math.max(0, name.length - domain.length - 1));
  const hash = hashText(label);
  if (label === '' || REVERSED.test(label) || channel.seen.has(hash)) return { bits: 0, channel };
  if (channel.seen.size < MAX_LABELS) channel.seen.add(hash);
  const bits = label.length * entropyOf(label);
  channel.bits += bits;
  channel.names++;
  return { bits, channel };
}

/** Bits per character of a text by the frequency of its characters (Shannon). */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const c of text) counts.set(c, (counts.get(c) ?? 0) + 1);
  let sum = 0;
  for (const n of counts.values()) sum -= (n / text.length) * Math.log2(n / text.length);
  return sum;
}
