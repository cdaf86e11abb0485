/** A simulated estate and an attack library. Pure: everything comes from a seed; it knows no metric and no model. */
export type { Truth } from './attacks/attack.ts';
export { type Demo, type DemoRequest, type DemoTruth, demoEstate } from './demo.ts';
