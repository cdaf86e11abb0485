/** Words of Advanced Search. */
import { formatCount } from '../../lib/quantity.ts';

export const TEXT = {
  title: 'Advanced Search',
  box: 'Query',
  placeholder: 'Everything. For example: @type:conn AND @fields.dest_port:443 AND NOT @fields.conn_state:SF',
  run: 'Search',
  hint: 'Enter searches, Tab completes',
  fields: 'Fields',
  filterFields: 'Find a field',
  results: 'Records',
  count: (total: number, isExact: boolean) =>
    `${isExact ? '' : '≥ '}${formatCount(total)} ${total === 1 ? 'record' : 'records'}`,
  took: (ms: number) => `${Math.round(ms)} ms`,
  topValues: 'Most frequent values',
  noValues: 'No values in these records.',
  include: 'Only these',
  exclude: 'Leave these out',
  none: 'No records match.',
  noneEmpty: 'There are no records in this time range.',
  wider: 'Look at the last 30 days',
  shorter: (clause: string) => `Without ${clause}`,
  clear: 'Search for everything',
  histogram: 'Records over time',
};
