/** The parts of the documented API's answers that screens use. */

/** A device inside a breach or of /devices. Absent values are left out. */
export interface WireDevice {
  did: number;
  ip?: string;
  sid?: number;
  hostname?: string;
  devicelabel?: string;
  macaddress?: string;
  typename?: string;
  typelabel?: string;
}

export interface WireModel {
  name: string;
  uuid?: string;
  pid?: number;
  category?: string;
  compliance?: boolean;
  priority?: number;
  tags?: readonly string[];
  description?: string;
  mitre?: { tactics: readonly string[]; techniques: readonly string[] };
}

export interface WireBreach {
  pbid: number;
  time: number;
  score: number;
  commentCount: number;
  acknowledged?: boolean | { time?: number; username?: string };
  suppressed?: boolean;
  model: { then: WireModel; now?: WireModel };
  device?: WireDevice;
}

export interface WireComment {
  message: string;
  username: string;
  time: number;
}
