/** The HTTP API as data: routes, shapes, request signature, typed clients. Runs in the browser. */
export * from './route.ts';
export * from './routes/index.ts';
