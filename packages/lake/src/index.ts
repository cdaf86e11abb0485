/** Events in chDB, or in a ClickHouse server; the Advanced Search language. */
export type * from './lake.ts';
export { parseQuery } from './language/parse.ts';
export { searchFields } from './language/search-fields.ts';
export { type ConnectLakeOptions, connectLake, type OpenLakeOptions, openLake } from './open.ts';
