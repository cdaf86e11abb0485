/** The parts of the core that need Node. */
export * from './block.ts';
export * from './log.ts';
