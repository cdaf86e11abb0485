/** Records to devices, pattern of life, models and breaches. Pure: time comes with the records. */
export type * from './breach.ts';
export type { DetectorFace, DetectorOptions, DetectorOutput, ReferenceData } from './detector.ts';
export type * from './device.ts';
export { DEVICE_TYPES } from './devices/types.ts';
export { Detector } from './engine.ts';
export type { Indicator } from './indicators/definition.ts';
export { INDICATORS } from './indicators/index.ts';
export type { MetricDefinition } from './metrics/definition.ts';
export { METRICS } from './metrics/index.ts';
export type * from './model.ts';
export { MODELS } from './models/index.ts';
