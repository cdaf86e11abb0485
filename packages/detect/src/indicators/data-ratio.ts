/** Indicator "Data ratio". Share of what the device sent in all payload with the endpoint, 0-100. */
import type { Indicator } from './definition.ts';

export const dataRatio: Indicator = {
  name: 'Data ratio',
  doc: 'Share of what the device sent in all payload with the endpoint, 0-100.',
  valueType: 'numeric',
  value: (o) => {
    const up = o.pair?.up ?? o.up;
    const down = o.pair?.down ?? o.down;
    return up + down > 0 ? (100 * up) / (up + down) : undefined;
  },
};
