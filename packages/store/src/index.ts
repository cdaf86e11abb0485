/** State and bus: what is decided is in SQLite, what arrives is in the durable log. */
export * from './breaches.ts';
export * from './data-folder.ts';
export * from './devices.ts';
export * from './durable-log.ts';
export * from './models.ts';
export * from './secrets.ts';
export * from './state.ts';
export { STATE_VERSION } from './tables.ts';
export * from './users.ts';
