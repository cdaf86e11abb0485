/** Traffic that breaks its protocol. Zeek's weird.log. */
import { bool, category, optional, record, string } from '../schema.ts';
import { looseHead } from './head.ts';

export const weird = record('weird', 1, 'One row per oddity, repeats held back.', {
  ...looseHead,
  name: category("Name of the oddity, Zeek's where it has one."),
  addl: optional(string('Detail.')),
  notice: bool('It was raised as a notice too.'),
  peer: optional(category('Sensor that saw it.')),
  source: optional(category('Part that saw it, in capitals.')),
});
