/** Modbus messages. Zeek's modbus.log; MODBUS Application Protocol V1.1b3. */
import { category, count, optional, record } from '../schema.ts';
import { head } from './head.ts';

export const modbus = record('modbus', 1, 'One row per Modbus request, response or exception.', {
  ...head,
  tid: optional(count('Transaction number, the same in request and response.')),
  unit: optional(count('Unit behind the gateway that is addressed.')),
  func: optional(category('What is asked for, by name; unknown-N for codes without one.')),
  pdu_type: optional(category('REQ from the originator, RESP from the responder.')),
  exception: optional(category('Reason of a refusal.')),
});
