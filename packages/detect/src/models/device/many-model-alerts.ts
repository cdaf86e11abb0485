/** Meta: several different models on one device. */
import { component, filter, model } from '../definition.ts';

export const manyModelAlerts = model({
  name: 'Device::Large Number of Model Alerts',
  description:
    'Four or more different models breached on the device within an hour. Each may have a harmless reason; together they seldom do.',
  priority: 4,
  category: 'Suspicious',
  mitre: { tactics: [], techniques: [] },
  throttle: 10_800,
  components: [
    component('distinctmodelbreaches', 3, 3600, [
      filter('Message', 'does not match', '*Model Alerts*'),
      filter('Message', 'is not', 'Device / New Device'),
    ]),
  ],
  action: 'Read the single breaches in the order of their time: they often tell one story.',
});
