/** Silent indicator for meta models: 1 GiB sent out (ATT&CK T1041). */
import { component, filter, model } from '../definition.ts';

export const gigabyteOutbound = model({
  name: 'Device::Anomaly Indicators::1 GiB Outbound',
  description: 'The device sent 1 GiB or more to one outside endpoint within an hour. Feeds other models.',
  priority: 0,
  category: 'Informational',
  mitre: { tactics: ['exfiltration'], techniques: ['T1041', 'T1048'] },
  components: [
    component(
      'externalclientdatatransfervolume',
      1_073_741_823,
      3600,
      [filter('Individual size up', '>', 100_000)],
      { each: 'endpoint' },
    ),
  ],
  direct: true,
  action: 'Nothing by itself.',
});
