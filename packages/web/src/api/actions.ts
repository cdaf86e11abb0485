/** What people do to breaches: shown at once, taken back with the reason when the appliance refuses. */

import type { TrayBreach } from '../screens/home/tray.ts';
import { client, news, queries, toasts } from '../shell/services.ts';
import { commentsQuery, explanationQuery, sessionQuery } from './queries.ts';

const TEXT = {
  acknowledged: (n: number) => (n === 1 ? 'Breach acknowledged.' : `${n} breaches acknowledged.`),
  reopened: (n: number) => (n === 1 ? 'Breach opened again.' : `${n} breaches opened again.`),
  failed: (reason: string) => `Not saved, so nothing has changed: ${reason}`,
  partly: (done: number, all: number, reason: string) => `Only ${done} of ${all} breaches saved: ${reason}`,
};

function mark(pbids: ReadonlySet<number>, isAcknowledged: boolean): void {
  queries.setQueriesData<TrayBreach[]>({ queryKey: ['breaches'] }, (list) =>
    list?.map((b) => (pbids.has(b.pbid) ? { ...b, isAcknowledged } : b)),
  );
  const username = queries.getQueryData(sessionQuery.queryKey)?.user.username ?? '';
  for (const pbid of pbids)
    queries.setQueryData(explanationQuery(pbid).queryKey, (breach) => {
      if (!breach) return breach;
      const { acknowledged: _, ...open } = breach;
      return isAcknowledged ? { ...open, acknowledged: { time: Date.now(), username } } : open;
    });
}

/** Acknowledges breaches, or opens them again; the message offers the way back. */
export async function acknowledge(
  pbids: readonly number[],
  isAcknowledged: boolean,
  isUndo = false,
): Promise<void> {
  mark(new Set(pbids), isAcknowledged);
  const word = isAcknowledged ? 'acknowledge' : 'unacknowledge';
  let saved = 0;
  try {
    for (const pbid of pbids) {
      news.expect(pbid);
      await client.post(`/modelbreaches/${pbid}/${word}`, { [word]: true });
      saved++;
    }
    const text = (isAcknowledged ? TEXT.acknowledged : TEXT.reopened)(pbids.length);
    toasts.show(text, isUndo ? undefined : () => void acknowledge(pbids, !isAcknowledged, true));
  } catch (error) {
    mark(new Set(pbids.slice(saved)), !isAcknowledged);
    const reason = error instanceof Error ? error.message : String(error);
    toasts.fail(saved === 0 ? TEXT.failed(reason) : TEXT.partly(saved, pbids.length, reason));
  }
  for (const pbid of pbids) void queries.invalidateQueries({ queryKey: ['explanation', pbid] });
}

/** Adds a comment; false when it was refused, so that the text is kept. */
export async function comment(pbid: number, message: string): Promise<boolean> {
  try {
    news.expect(pbid);
    await client.post(`/modelbreaches/${pbid}/comments`, { message });
    await queries.invalidateQueries({ queryKey: commentsQuery(pbid).queryKey });
    queries.setQueriesData<TrayBreach[]>({ queryKey: ['breaches'] }, (list) =>
      list?.map((b) => (b.pbid === pbid ? { ...b, comments: b.comments + 1 } : b)),
    );
    return true;
  } catch (error) {
    toasts.fail(TEXT.failed(error instanceof Error ? error.message : String(error)));
    return false;
  }
}
