/** Models as data: typed literals without functions, in the shape of Appendix B of the MSSP guide. */
import type { Behaviour } from '@thymus/core';

export type Category = 'Informational' | 'Suspicious' | 'Critical';

export type Comparator =
  | 'matches'
  | 'does not match'
  | 'contains'
  | 'does not contain'
  | 'matches regular expression'
  | 'does not match regular expression'
  | 'is longer than'
  | 'is shorter than'
  | '<'
  | '<='
  | '='
  | '!='
  | '>='
  | '>'
  | 'is'
  | 'is not'
  | 'has tag'
  | 'does not have tag'
  | 'display';

export interface Filter {
  /** Name of an indicator in indicators/index.ts: "Rare external endpoint", "Beaconing score". */
  type: string;
  comparator: Comparator;
  value: string | number;
}

export interface Component {
  /** Name of a metric in metrics/index.ts. */
  metric: string;
  /** The component triggers when the metric reaches more than this within the interval. */
  threshold: number;
  /** Seconds. */
  interval: number;
  /** Counted apart for each other end and port; by default all of a device's observations add up. */
  each?: 'endpoint';
  /** All must hold, unless `logic` says otherwise. */
  filters: readonly Filter[];
  /** Breach condition over filters by letter, "A AND (B OR C)"; by default all of them. */
  logic?: string;
  /** For weighted models; negative weights veto. */
  weight?: number;
}

export interface Model {
  /** Folders joined by "::". */
  name: string;
  description: string;
  /** 0 to 5; 0 is a silent indicator that only feeds other models. */
  priority: 0 | 1 | 2 | 3 | 4 | 5;
  category: Category;
  compliance?: boolean;
  behaviour: Behaviour;
  mitre: { tactics: readonly string[]; techniques: readonly string[] };
  tags: readonly string[];
  components: readonly Component[];
  /** Components that must trigger within `interval`: all, or weights that add up to `targetScore`. */
  targetScore?: number;
  /** Seconds in which all components must trigger. */
  interval: number;
  /** Seconds in which the model fires once per device. */
  throttle: number;
  sequenced?: boolean;
  sharedEndpoints?: boolean;
  /**
   * Direct models are trusted from the first minute; others count less until the device is known, and those that compare
   * it with its own past wait.
   */
  direct?: boolean;
  /** Advice for the analyst: what to look at next. */
  action: string;
}
