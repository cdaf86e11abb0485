/** Records to devices, pattern of life, models and breaches. Pure: time comes with the records. */
export type * from './breach.ts';
export type * from './device.ts';
export type * from './model.ts';
