/** The parts of the core that need Node. */
export * from './block.ts';
export * from './config.ts';
export * from './log.ts';
export * from './metrics.ts';
