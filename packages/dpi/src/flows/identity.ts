/** Who a connection is: uid, tuple and start, as they stand in every record of it. */

export interface Identity {
  readonly ts: number;
  readonly uid: string;
  readonly source_ip: string;
  readonly source_port: number;
  readonly dest_ip: string;
  readonly dest_port: number;
  /** The originator, the responder lies in an internal network. */
  readonly local_orig: boolean;
  readonly local_resp: boolean;
}
