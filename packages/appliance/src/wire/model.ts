/** Models and their components in the shapes of the API. */
import {
  MINIMAL_MODEL,
  utcText,
  type WireComponent,
  type WireMinimalModel,
  type WireModel,
} from '@thymus/contract';
import type { Component, Model } from '@thymus/detect';
import type { StoredModel } from '@thymus/store';
import { filterIds, wireLogic } from './logic.ts';

/** What of a model is not in its text: ids and history. */
export type ModelIdentity = Pick<
  StoredModel,
  'pid' | 'phid' | 'uuid' | 'version' | 'modified' | 'active' | 'cids'
>;

function logicOf({ components, targetScore }: Model, cids: readonly number[]): WireModel['logic'] {
  if (targetScore === undefined) return { data: [...cids], type: 'componentList', version: 1 };
  const data = components.map(({ weight = 1 }, i) => ({ cid: cids[i] ?? 0, weight }));
  return { data, targetScore, type: 'weightedComponentList', version: 1 };
}

export function wireModel(model: Model, identity: ModelIdentity): WireModel {
  const { mitre } = model;
  const isMapped = mitre.tactics.length + mitre.techniques.length > 0;
  return {
    name: model.name,
    pid: identity.pid,
    phid: identity.phid,
    uuid: identity.uuid,
    ...(isMapped ? { mitre: { tactics: [...mitre.tactics], techniques: [...mitre.techniques] } } : {}),
    logic: logicOf(model, identity.cids),
    throttle: model.throttle,
    sharedEndpoints: model.sharedEndpoints ?? false,
    action: 'breach',
    actions: {
      alert: model.priority > 0,
      antigena: {},
      breach: true,
      model: true,
      setPriority: false,
      setTag: false,
      setType: false,
    },
    tags: [...model.tags],
    interval: model.interval,
    delay: 0,
    sequenced: model.sequenced ?? false,
    active: identity.active,
    modified: utcText(identity.modified),
    activeTimes: { devices: {}, tags: {}, type: 'exclusions', version: 2 },
    priority: model.priority,
    category: model.category,
    compliance: model.compliance ?? false,
    autoUpdatable: true,
    autoUpdate: true,
    autoSuppress: true,
    description: `${model.description}\n\nAction: ${model.action}`,
    behaviour: model.behaviour,
    defeats: [],
    created: { by: 'System' },
    edited: { by: 'System' },
    version: identity.version,
  };
}

export function wireMinimalModel(model: WireModel): WireMinimalModel {
  const kept = MINIMAL_MODEL.filter((name) => model[name] !== undefined).map((name) => [name, model[name]]);
  return Object.fromEntries(kept) as WireMinimalModel;
}

/** Filters are numbered within their component, which has room for 100. */
export const filterId = (cid: number, index: number): number => cid * 100 + index;

export function wireComponent(component: Component, cid: number, mlid: number): WireComponent {
  const ids = filterIds(component);
  return {
    cid,
    chid: cid,
    mlid,
    threshold: component.threshold,
    interval: component.interval,
    logic: wireLogic(component),
    filters: component.filters.map((filter, i) => ({
      id: ids[i]!,
      cfid: filterId(cid, i),
      cfhid: filterId(cid, i),
      filtertype: filter.type,
      comparator: filter.comparator,
      arguments: { value: String(filter.value) },
    })),
    active: true,
  };
}
