/** What was usual for a device when an hour of a metric closed: the band that graphs draw. Own record kind. */
import { category, count, double, record, time } from '../schema.ts';

export const metric = record('metric', 1, 'One row per device, metric and hour with traffic or a surprise.', {
  ts: time('Start of the hour.'),
  did: count('Device.'),
  name: category('Metric.'),
  value: double('What was seen in the hour, in the unit of the metric.'),
  low: double('5 % quantile of what was usual for this hour.'),
  median: double('Median of what was usual for this hour.'),
  high: double('95 % quantile of what was usual for this hour.'),
  surprise: double('-ln of the calibrated chance of a value this high; its weight in a score.'),
});
