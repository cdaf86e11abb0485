/** Asks everything on the screen again and lets relative ranges end with the newest data. */
import { news, queries } from './services.ts';

export function refresh(): void {
  news.catchUp();
  void queries.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'session' });
}
