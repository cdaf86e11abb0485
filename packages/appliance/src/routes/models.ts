/** Models and their components. */
import { componentByCid, components, modelByPid, models } from '@thymus/contract';
import type { StoredModel } from '@thymus/store';
import { notFound } from '../http/refusal.ts';
import { type Site, serve } from '../http/serve.ts';
import { wireComponent, wireModel } from '../wire/model.ts';

const wired = (stored: StoredModel) => wireModel(stored.model, stored);

export function routeModels(site: Site): void {
  const { state, metrics } = site.services;
  const mlids = new Map(metrics.map(({ name, mlid }) => [name, mlid]));

  const allComponents = async () =>
    (await state.models.list()).flatMap(({ model, cids }) =>
      model.components.map((part, i) => wireComponent(part, cids[i] ?? 0, mlids.get(part.metric) ?? 0)),
    );

  serve(site, models, async ({ uuid }, call) => {
    const list = (await state.models.list()).filter((m) => !uuid || uuid.includes(m.uuid)).map(wired);
    return list.length === 1 && call.isSingle('uuid') ? list[0]! : list;
  });

  serve(site, modelByPid, async ({ pid }) => {
    const stored = (await state.models.list()).find((model) => model.pid === pid);
    if (!stored) throw notFound(`model ${pid}`);
    return wired(stored);
  });

  serve(site, components, async ({ cid }, call) => {
    const list = (await allComponents()).filter((part) => !cid || cid.includes(part.cid));
    return list.length === 1 && call.isSingle('cid') ? list[0]! : list;
  });

  serve(site, componentByCid, async ({ cid }) => {
    const found = (await allComponents()).find((part) => part.cid === cid);
    if (!found) throw notFound(`component ${cid}`);
    return found;
  });
}
