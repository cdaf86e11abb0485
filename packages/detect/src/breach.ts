/** Model breaches: what fired, on whom, how strongly, and the numbers that explain it. */
import type { ScoreParts } from '@thymus/core';
import type { Category, Filter, Model } from './model.ts';

/** A filter of a component together with the value that satisfied it. */
export interface TriggeredFilter {
  filter: Filter;
  /** The value that was compared, as the breach page shows it. */
  value: string | number;
}

/** Where the evidence lies: asks the lake for the records behind a component. */
export interface Evidence {
  /** Window, ms since the epoch. */
  from: number;
  to: number;
  /** uids of the deciding connections, at most 50, latest last. */
  uids: string[];
  /** The external or internal end that the component is about, where there is one. */
  endpoint?: string;
  port?: number;
}

export interface TriggeredComponent {
  /** Position in the model's components. */
  index: number;
  time: number;
  /** What was seen, in the unit of the metric, and what the model required. */
  size: number;
  threshold: number;
  /** Quantiles of what was usual for the device at that time, where the metric has a baseline. */
  usual?: { low: number; median: number; high: number; hours: number };
  /** Chance of a value this high on a usual day; absent for rules that need no baseline. */
  probability?: number;
  filters: TriggeredFilter[];
  evidence: Evidence;
}

export interface Breach {
  /** Deterministic: model, entity and window. The same breach found twice has the same key. */
  key: string;
  model: Model;
  /** Differs from the model's while the network is young: then only direct models are more than Informational. */
  category?: Category;
  /** Device; negative numbers are pseudo devices. */
  did: number;
  /** Last record that triggered it, ms since the epoch. */
  time: number;
  /** 0-1, after habituation; and before it. */
  score: number;
  pbscore: number;
  parts: ScoreParts;
  components: TriggeredComponent[];
  /** The model breaches too often across the network: recorded, not shown. */
  suppressed: boolean;
  /** The device was still being learned. */
  learning: boolean;
  /** The records came late, after an outage. */
  delayed: boolean;
}
