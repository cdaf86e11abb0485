/** Indicator "Trusted hostname". More than a tenth of all devices have used the domain, for more than 14 days. */
import { DAY } from '@thymus/core';
import { flag, type Indicator } from './definition.ts';

export const trustedHostname: Indicator = {
  name: 'Trusted hostname',
  doc: 'More than a tenth of all devices have used the domain, for more than 14 days.',
  valueType: 'flag',
  value: (o, world) => {
    if (!o.external) return undefined;
    const first = world.rarity.domain.firstUse(o.domain);
    const others = world.rarity.domain.others(o.domain, o.device.did, o.time);
    const isOld = first !== undefined && o.time - first > 14 * DAY;
    return flag(o.domain !== '' && isOld && others > world.tracker.devices.length / 10);
  },
};
