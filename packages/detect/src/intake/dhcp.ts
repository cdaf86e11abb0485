/** Leases: which card has which address, and what its owner calls itself. RFC 2131. */
import type { Dhcp } from '@thymus/core';
import type { Ends } from './conn.ts';
import type { Intake } from './intake.ts';

export function takeDhcp(record: Dhcp, intake: Intake): Ends {
  // Only an acknowledgement gives an address; where the kinds are unknown, an assigned address counts as one.
  const isGiven = record.msg_types === undefined || record.msg_types.includes('ACK');
  const source = isGiven ? intake.world.tracker.lease(record, intake.source) : undefined;
  const dest = record.server_addr ? intake.world.tracker.at(record.server_addr) : undefined;
  return { source, dest };
}
