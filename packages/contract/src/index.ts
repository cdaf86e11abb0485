/** The HTTP API as data: routes, shapes, request signature, typed client. Runs in the browser. */
export { isoText, utcText } from '@thymus/core';
export { parseApiDate } from './api-date.ts';
export * from './client.ts';
export * from './route.ts';
export * from './routes/index.ts';
export * from './shapes/breach.ts';
export * from './shapes/device.ts';
export type { WireComponent, WireLogic, WireMinimalModel, WireModel } from './shapes/model.ts';
export { MINIMAL_MODEL } from './shapes/model.ts';
export * from './signature.ts';
