/** What a metric is: a number per device and hour that the pattern of life knows, and that models count. */
import type { Observation, ObservationKind } from '../observation.ts';

export interface MetricDefinition {
  /** Number in the API: the vendor's where one is attested, from 1001 for our own. */
  mlid: number;
  name: string;
  label: string;
  /** Unit of one, as graphs name it; '' for plain counts. */
  units: string;
  /** One sentence for docs and the model editor. */
  doc: string;
  on: ObservationKind;
  /** How much the observation adds; 0 for nothing. */
  measure: (o: Observation) => number;
  /** The metric has an hourly baseline, in steps of `quantum` units (bytes are learned in steps of 10 kB). */
  baseline: boolean;
  quantum?: number;
}
