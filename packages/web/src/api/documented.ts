/** The parts of the documented API's breaches that screens read; the contract's answers fit these. */

/** A device inside a breach. Absent values are left out. */
export interface WireDevice {
  did: number;
  ip?: string;
  hostname?: string;
  devicelabel?: string;
}

export interface WireModel {
  name: string;
  category?: string;
  compliance?: boolean;
  tags?: readonly string[];
  mitre?: { tactics: readonly string[]; techniques: readonly string[] };
}

export interface WireBreach {
  pbid: number;
  time: number;
  score: number;
  commentCount: number;
  acknowledged?: boolean;
  suppressed?: boolean;
  /** As it was then and as it is now, or only as it was. */
  model: { then: WireModel } | WireModel;
  device?: WireDevice;
}

/** The model as it was when it breached. */
export const modelThen = ({ model }: Pick<WireBreach, 'model'>): WireModel =>
  'then' in model ? model.then : model;
