/** Events in chDB, or in a ClickHouse server; the Advanced Search language. */
export type * from './lake.ts';
