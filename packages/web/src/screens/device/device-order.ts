/** In which order devices are listed. */
import { oneOf } from '../../lib/url-state.ts';
import { deviceNameOf } from '../home/tray.ts';

export const ORDERS = ['score', 'name', 'ip', 'type', 'seen'] as const;
export type Order = (typeof ORDERS)[number];

export const orderOf = (text: unknown): Order => oneOf(text, ORDERS, 'score');

interface Sortable {
  did: number;
  score: number;
  ip?: string;
  hostname?: string;
  label?: string;
  typelabel: string;
  lastSeen: number;
}

/** An address with its numbers padded, so that 10.0.0.9 comes before 10.0.0.10. */
const padded = (ip: string | undefined): string =>
  ip === undefined ? '￿' : ip.replace(/\d+/g, (digits) => digits.padStart(3, '0'));

const COMPARE: Record<Order, (a: Sortable, b: Sortable) => number> = {
  score: (a, b) => b.score - a.score,
  name: (a, b) => deviceNameOf(a).localeCompare(deviceNameOf(b), 'en', { numeric: true }),
  ip: (a, b) => padded(a.ip).localeCompare(padded(b.ip)),
  type: (a, b) => a.typelabel.localeCompare(b.typelabel),
  seen: (a, b) => b.lastSeen - a.lastSeen,
};

/** The devices in order; last seen first among equals. */
export const inOrder = <T extends Sortable>(devices: readonly T[], order: Order): T[] =>
  devices.toSorted((a, b) => COMPARE[order](a, b) || b.lastSeen - a.lastSeen);
