/** One line of a bench: our figure, a peer's figure where there is one, and the bound it must keep. */

export interface BenchRow {
  readonly name: string;
  readonly ours: number;
  /** Name and version of the peer; null where the bound stands alone. */
  readonly peer: string | null;
  readonly peerValue: number | null;
  /** Ours divided by the peer's. */
  readonly ratio: number | null;
  /** Such as `>= 200000`, or `ratio <= 0.6`; `none` for figures that only inform. */
  readonly bound: string;
  readonly holds: boolean;
}

export interface Measured {
  readonly name: string;
  readonly ours: number;
  readonly peer?: { readonly name: string; readonly value: number };
}

/** A row whose bound, `>= n`, `<= n`, `ratio >= n`, `ratio <= n` or `none`, is judged by the figures. */
export function benchRow({ name, ours, peer }: Measured, bound: string): BenchRow {
  const ratio = peer ? ours / peer.value : null;
  const holds = bound === 'none' || keeps(bound, ours, ratio);
  return { name, ours, peer: peer?.name ?? null, peerValue: peer?.value ?? null, ratio, bound, holds };
}

function keeps(bound: string, ours: number, ratio: number | null): boolean {
  const [, ofRatio, operator, text] = /^(ratio )?([<>]=) ([\d.]+)$/.exec(bound) ?? [];
  if (!operator) throw new TypeError(`"${bound}" is no bound`);
  const figure = ofRatio ? ratio : ours;
  const limit = Number(text);
  return figure !== null && (operator === '<=' ? figure <= limit : figure >= limit);
}
