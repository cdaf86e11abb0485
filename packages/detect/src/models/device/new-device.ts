/** Devices that appear in a network that is known (ATT&CK T1200). */
import { component, filter, model } from '../definition.ts';

export const newDevice = model({
  name: 'Device::New Device',
  description:
    'A device appeared that the network has not seen before. In the first days of learning all devices are new and none is reported.',
  priority: 1,
  category: 'Informational',
  behaviour: 'flat',
  mitre: { tactics: ['initial-access'], techniques: ['T1200'] },
  throttle: 604_800,
  components: [component('newdevice', 0, 60, [filter('Network age', '>', 259_200)])],
  direct: true,
  action: 'Check whether the device is expected: its maker, its name and the port it is plugged into.',
});
