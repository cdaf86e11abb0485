/** One interface of remote procedures: its name, and the names of its operations. C706 §2.1.2. */

export interface Interface {
  readonly uuid: string;
  readonly endpoint: string;
  /** Names in the order of their numbers, with blanks between; `-` for a number without one. */
  readonly operations?: string;
}
