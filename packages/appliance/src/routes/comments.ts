/** Comments on model breaches. */
import { addComment, comments, mbcomments } from '@thymus/contract';
import { windowOf } from '../http/input.ts';
import { notFound } from '../http/refusal.ts';
import { type Site, serve } from '../http/serve.ts';
import { announce, breachOf } from './modelbreaches.ts';

export function routeComments(site: Site): void {
  const { state, now } = site.services;

  serve(site, comments, async ({ pbid }, call) => {
    const { pid } = await breachOf(pbid, call);
    const list = await state.breaches.comments({ pbid });
    return list.map(({ id, time, username, message }) => ({ message, username, time, pid, commentid: id }));
  });

  serve(site, addComment, async ({ pbid, message }, call) => {
    const breach = await breachOf(pbid, call);
    const { username } = call.principal;
    const added = await state.breaches.comment({ pbid, time: now(), username, message });
    if (!added) throw notFound(`breach ${pbid}`);
    await call.audit('breach.comment', String(pbid));
    announce(breach, 'commented', call);
    const { id, time } = added;
    return { response: 'SUCCESS' as const, message, username, time, pid: breach.pid, commentid: id };
  });

  serve(site, mbcomments, async (query) => {
    const list = (await state.breaches.comments(windowOf(query))).slice(-(query.count ?? 100));
    const pbids = [...new Set(list.map(({ pbid }) => pbid))];
    const filter = { pbid: pbids, includeAcknowledged: true, includeSuppressed: true };
    const breaches = pbids.length === 0 ? [] : await state.breaches.list(filter);
    const byPbid = new Map(breaches.map((breach) => [breach.pbid, breach]));
    return list.map(({ pbid, time, username, message }) => {
      const breach = byPbid.get(pbid);
      return { time, pbid, username, message, pid: breach?.pid ?? 0, name: breach?.model.name ?? '' };
    });
  });
}
