/** Model breaches in the shape of the API. MSSP guide, Appendix B. */
import {
  percent,
  type WireBreach,
  type WireDevice,
  type WireModel,
  type WireTriggeredComponent,
} from '@thymus/contract';
import type { TriggeredComponent } from '@thymus/detect';
import type { ModelVersion, State, StoredBreach, StoredDevice, StoredModel } from '@thymus/store';
import type { MetricInfo } from '../http/services.ts';
import { type DeviceDetail, unknownDevice, wireDevice } from './device.ts';
import { filterIds, wireLogic } from './logic.ts';
import { filterId, wireMinimalModel, wireModel } from './model.ts';

/** How a client wants breaches to look. */
export interface BreachLook {
  minimal?: boolean;
  /** Device at the top only (true), in the components only (false), in both if undefined. */
  deviceattop?: boolean;
  historicmodelonly?: boolean;
  fulldevicedetails?: boolean;
  includebreachurl?: boolean;
  /** `device`: the score of the device instead of that of the breach. */
  group?: string;
}

/** All that breaches refer to, read once per request. */
export interface BreachContext {
  models: ReadonlyMap<number, StoredModel>;
  versions: ReadonlyMap<number, ModelVersion>;
  devices: ReadonlyMap<number, StoredDevice>;
  metrics: ReadonlyMap<string, MetricInfo>;
  publicUrl?: string;
}

export async function breachContext(
  services: { state: State; metrics: readonly MetricInfo[]; publicUrl?: string | undefined },
  breaches: readonly StoredBreach[],
): Promise<BreachContext> {
  const { state, metrics, publicUrl } = services;
  const dids = [...new Set(breaches.map(({ did }) => did))];
  const [models, versions, devices] = await Promise.all([
    state.models.list(),
    state.models.versions(),
    dids.length === 0 ? [] : state.devices.list({ did: dids }),
  ]);
  return {
    models: new Map(models.map((model) => [model.pid, model])),
    versions,
    devices: new Map(devices.map((device) => [device.did, device])),
    metrics: new Map(metrics.map((metric) => [metric.name, metric])),
    ...(publicUrl ? { publicUrl } : {}),
  };
}

/** The model as it was at the breach, and as it is. */
export function modelsOf(breach: StoredBreach, context: BreachContext): { then: WireModel; now: WireModel } {
  const stored = context.models.get(breach.pid)!;
  const version = context.versions.get(breach.phid) ?? stored;
  const { version: number, modified } = version;
  return {
    // biome-ignore lint/suspicious/noThenProperty: the name that Appendix B gives it
    then: {
      ...wireModel(breach.model, { ...stored, phid: breach.phid, version: number, modified }),
      category: breach.category ?? breach.model.category,
    },
    now: wireModel(stored.model, stored),
  };
}

/** Components of a breach are numbered within it. */
const triggeringId = (pbid: number, position: number): number => pbid * 100 + position;

function wireTriggered(
  breach: StoredBreach,
  triggered: TriggeredComponent,
  position: number,
  context: BreachContext,
): WireTriggeredComponent {
  const component = breach.model.components[triggered.index]!;
  const cid = context.models.get(breach.pid)?.cids[triggered.index] ?? 0;
  const metric = context.metrics.get(component.metric);
  const ids = filterIds(component);
  const { endpoint, port } = triggered.evidence;
  return {
    time: Math.round(triggered.time),
    cbid: triggeringId(breach.pbid, position),
    cid,
    chid: cid,
    size: triggered.size,
    threshold: triggered.threshold,
    interval: component.interval,
    logic: wireLogic(component),
    metric: {
      mlid: metric?.mlid ?? 0,
      name: component.metric,
      label: metric?.label ?? component.metric,
    },
    ...(endpoint === undefined ? {} : { ip: endpoint }),
    ...(port === undefined ? {} : { port }),
    triggeredFilters: triggered.filters.map(({ filter, value }) => {
      const index = component.filters.findIndex((f) => isSame(f, filter));
      return {
        cfid: filterId(cid, Math.max(0, index)),
        id: ids[index] ?? 'A',
        filterType: filter.type,
        comparatorType: filter.comparator,
        arguments: { value: String(filter.value) },
        trigger: { value: String(value) },
      };
    }),
  };
}

interface FilterLike {
  type: string;
  comparator: string;
  value: string | number;
}

const isSame = (a: FilterLike, b: FilterLike): boolean =>
  a.type === b.type && a.comparator === b.comparator && a.value === b.value;

function deviceOf(breach: StoredBreach, look: BreachLook, context: BreachContext): WireDevice {
  const device = context.devices.get(breach.did);
  const detail: DeviceDetail = look.fulldevicedetails ? 'full' : look.minimal ? 'minimal' : 'usual';
  return device ? wireDevice(device, detail) : unknownDevice(breach.did);
}

/** The model part: then and now, or only the historic one; shortened on demand. */
function modelPart(breach: StoredBreach, look: BreachLook, context: BreachContext): WireBreach['model'] {
  const { then, now } = modelsOf(breach, context);
  const shape = (model: WireModel) => (look.minimal ? wireMinimalModel(model) : model);
  // biome-ignore lint/suspicious/noThenProperty: the name that Appendix B gives it
  return look.historicmodelonly ? shape(then) : { then: shape(then), now: shape(now) };
}

export function wireBreach(breach: StoredBreach, look: BreachLook, context: BreachContext): WireBreach {
  const device = deviceOf(breach, look, context);
  const components = breach.components.map((triggered, i) => {
    const wired = wireTriggered(breach, triggered, i + 1, context);
    return look.deviceattop === true ? wired : { ...wired, device };
  });
  const deviceScore = context.devices.get(breach.did)?.score ?? 0;
  const isGrouped = look.group === 'device';
  const score = isGrouped ? deviceScore : breach.score;
  return {
    pbid: breach.pbid,
    time: Math.round(breach.time),
    creationTime: Math.round(breach.creationTime),
    commentCount: breach.commentCount,
    score: rounded(score),
    percentscore: percent(score),
    ...(isGrouped ? { pbscore: rounded(breach.pbscore), devicescore: rounded(deviceScore) } : {}),
    acknowledged: breach.acknowledged !== undefined,
    suppressed: breach.suppressed,
    ...(breach.learning ? { learning: true } : {}),
    model: modelPart(breach, look, context),
    triggeredComponents: components,
    ...(look.deviceattop === false ? {} : { device }),
    ...(look.includebreachurl && !look.minimal && context.publicUrl
      ? { breachUrl: `${context.publicUrl}/#modelbreach/${breach.pbid}` }
      : {}),
  };
}

const rounded = (score: number): number => Math.round(score * 1000) / 1000;
