/**
 * Runs the models: an observation that passes the filters of a component adds to its window; a window over its threshold
 * triggers the component; a model whose components have triggered in its interval breaches, once per throttle and device.
 */
import { baseOf, DAY, type ScoreParts, scoreOf } from '@thymus/core';
import type { Breach, TriggeredComponent } from '../breach.ts';
import type { Indicator } from '../indicators/definition.ts';
import type { MetricDefinition } from '../metrics/definition.ts';
import type { Category, Model } from '../model.ts';
import type { Observation } from '../observation.ts';
import type { World } from '../world.ts';
import { combined } from './chance.ts';
import { type CompiledComponent, type CompiledFilter, type CompiledModel, compile } from './compiled.ts';
import { holds } from './logic.ts';
import { faded, type ModelMemory } from './memory.ts';
import { add, newWindow } from './window.ts';

/** Windows per component; the least recently started goes. An attacker who fills them has long breached. */
const MAX_WINDOWS = 20_000;
/** Devices remembered per model. */
const MAX_DEVICES = 200_000;
/** A device counts as known after a day of activity; before, all but direct models weigh less. */
const LEARNING_FACTOR = 0.6;
/** The network itself is learned for three days: until then only direct models are more than Informational. */
const NETWORK_LEARNING = 3 * DAY;
/** A rule without a test of its own is taken to break once in 1,000 device days, until counting says otherwise. */
const RULE_DAYS = 1000;
/** A model on more than 5 % of all devices (and at least 5) within a day tells of the network, not of a device. */
const OVER_BREACHING = { share: 0.05, least: 5 };

export interface EngineState {
  memories: Map<string, ModelMemory>;
}

export class Engine {
  readonly #models: CompiledModel[];
  readonly #byMetric = new Map<string, CompiledComponent[]>();
  readonly #world: World;
  #breaches: Breach[] = [];

  constructor(
    models: readonly Model[],
    metrics: readonly MetricDefinition[],
    indicators: readonly Indicator[],
    world: World,
    saved?: EngineState,
  ) {
    this.#world = world;
    const [byName, byType] = [
      new Map(metrics.map((m) => [m.name, m])),
      new Map(indicators.map((i) => [i.name, i])),
    ];
    this.#models = models.map((m) => compile(m, byName, byType, saved?.memories.get(m.name)));
    for (const { components } of this.#models) {
      for (const component of components) {
        const list = this.#byMetric.get(component.metric.name) ?? [];
        list.push(component);
        this.#byMetric.set(component.metric.name, list);
      }
    }
  }

  get state(): EngineState {
    return { memories: new Map(this.#models.map(({ model, memory }) => [model.name, memory])) };
  }

  /** Shows the models that a metric grew by `size`. New breaches wait for `take`. */
  observe(metric: string, size: number, o: Observation): void {
    const components = this.#byMetric.get(metric);
    if (!components) return;
    o.metric = metric;
    for (const component of components) {
      if (!this.#isThrottled(component.owner, o) && this.#passes(component, o))
        this.#count(component, size, o);
    }
  }

  /** Breaches since the last call. */
  take(): Breach[] {
    if (this.#breaches.length === 0) return NONE;
    const list = this.#breaches;
    this.#breaches = [];
    return list;
  }

  #isThrottled({ model, memory }: CompiledModel, o: Observation): boolean {
    const last = memory.fired.get(o.device.did);
    return last !== undefined && o.time - last < model.throttle * 1000;
  }

  #passes({ condition, filters }: CompiledComponent, o: Observation): boolean {
    if (condition) return holds(condition, (index) => this.#holds(filters[index]!, o));
    for (const filter of filters) if (!this.#holds(filter, o)) return false;
    return true;
  }

  #holds({ indicator, test }: CompiledFilter, o: Observation): boolean {
    return test(indicator.value(o, this.#world));
  }

  #count(compiled: CompiledComponent, size: number, o: Observation): void {
    const { component, owner, index } = compiled;
    const windows = owner.memory.windows[index]!;
    const key =
      component.each === 'endpoint' ? `${o.device.did}|${o.endpoint}:${o.port}` : String(o.device.did);
    let window = windows.get(key);
    if (!window) {
      if (windows.size >= MAX_WINDOWS) windows.delete(windows.keys().next().value!);
      window = newWindow(o.time);
      windows.set(key, window);
    }
    const sum = add(window, o.time, component.interval * 1000, size, o.uid, this.#chance(compiled, o));
    if (sum <= component.threshold) return;
    const { from, uids, probability } = window;
    windows.delete(key);
    const evidence = { from: Math.min(from, o.time), to: o.time, uids };
    this.#trigger(compiled, o, sum, probability, { ...evidence, ...endOf(o) });
  }

  /** Smallest chance that a filter or the test behind the observation vouches for; 1 if none does. */
  #chance({ filters }: CompiledComponent, o: Observation): number {
    let least = o.probability;
    for (const { indicator, filter, test } of filters) {
      if (!indicator.probability || filter.comparator === 'display') continue;
      if (!test(indicator.value(o, this.#world))) continue;
      least = Math.min(least, indicator.probability(o, this.#world));
    }
    return least;
  }

  #trigger(
    compiled: CompiledComponent,
    o: Observation,
    size: number,
    probability: number,
    evidence: TriggeredComponent['evidence'],
  ): void {
    const { component, metric, owner, index, filters } = compiled;
    const world = this.#world;
    const values = filters.map(({ filter, indicator, test }) => ({
      filter,
      value: indicator.value(o, world),
      test,
    }));
    const usual = metric.baseline ? world.pattern.usual(o.device, o.life, metric) : undefined;
    const triggered: TriggeredComponent = {
      index,
      time: o.time,
      size,
      threshold: component.threshold,
      ...(usual && { usual }),
      ...(probability < 1 && { probability }),
      filters: values.flatMap(({ filter, value, test }) =>
        test(value) ? [{ filter, value: shown(value) }] : [],
      ),
      evidence,
    };
    if (owner.components.length === 1 && owner.model.targetScore === undefined) {
      this.#breach(owner, o, [triggered]);
    } else this.#combine(owner, o, triggered);
  }

  /** Waits for the other components of the model. */
  #combine(owner: CompiledModel, o: Observation, triggered: TriggeredComponent): void {
    const { model, memory } = owner;
    const key = model.sharedEndpoints ? `${o.device.did}|${o.endpoint}` : String(o.device.did);
    const list =
      memory.triggered.get(key) ?? new Array<TriggeredComponent | undefined>(owner.components.length);
    memory.triggered.delete(key);
    memory.triggered.set(key, list);
    if (memory.triggered.size > MAX_WINDOWS) memory.triggered.delete(memory.triggered.keys().next().value!);
    list[triggered.index] = triggered;
    const current = Array.from(list, (t) => (t && o.time - t.time <= model.interval * 1000 ? t : undefined));
    if (!isComplete(model, current)) return;
    memory.triggered.delete(key);
    this.#breach(
      owner,
      o,
      current.filter((t) => t !== undefined),
    );
  }

  #breach(owner: CompiledModel, o: Observation, components: TriggeredComponent[]): void {
    const { model, memory } = owner;
    const { did } = o.device;
    const parts = this.#partsOf(owner, o, components);
    const isYoungNetwork = this.#networkAge(o) < NETWORK_LEARNING;
    const category: Category = isYoungNetwork && !model.direct ? 'Informational' : model.category;
    this.#breaches.push({
      key: `${model.name}|${did}|${Math.round(o.time)}`,
      model,
      category,
      did,
      time: o.time,
      ...scoreOf(parts),
      parts,
      components,
      suppressed: model.priority === 0 || this.#isOverBreaching(memory, o.time),
      learning: isYoungNetwork || this.#world.pattern.isLearning(o.device),
      delayed: false,
    });
    this.#remember(memory, did, o.time);
  }

  #partsOf({ model, memory }: CompiledModel, o: Observation, components: TriggeredComponent[]): ScoreParts {
    const { did } = o.device;
    const known = components.flatMap((c) => (c.probability === undefined ? [] : [c.probability]));
    const days = this.#world.pattern.deviceHours / 24;
    const own = faded(memory.repeats.get(did), o.time);
    const hundreds = Math.max(1, this.#world.tracker.devices.length / 100);
    return {
      priority: model.priority,
      base: baseOf(model.priority),
      probability: known.length > 0 ? combined(known) : (1 + memory.total) / (RULE_DAYS + days),
      behaviour: model.behaviour,
      deviceRepeats: own,
      networkRepeats: Math.max(0, faded(memory.network, o.time) - own) / hundreds,
      learningFactor: this.#world.pattern.isLearning(o.device) && !model.direct ? LEARNING_FACTOR : 1,
    };
  }

  #networkAge(o: Observation): number {
    return o.time - (this.#world.tracker.devices[0]?.firstSeen ?? o.time);
  }

  #isOverBreaching(memory: ModelMemory, ts: number): boolean {
    let n = 0;
    for (const last of memory.fired.values()) if (ts - last < DAY) n++;
    const limit = OVER_BREACHING.share * this.#world.tracker.devices.length;
    return n >= Math.max(OVER_BREACHING.least, limit);
  }

  #remember(memory: ModelMemory, did: number, ts: number): void {
    memory.fired.delete(did);
    memory.fired.set(did, ts);
    if (memory.fired.size > MAX_DEVICES) memory.fired.delete(memory.fired.keys().next().value!);
    memory.repeats.set(did, { n: faded(memory.repeats.get(did), ts) + 1, at: ts });
    if (memory.repeats.size > MAX_DEVICES) memory.repeats.delete(memory.repeats.keys().next().value!);
    memory.network = { n: faded(memory.network, ts) + 1, at: ts };
    memory.total++;
  }
}

const NONE: Breach[] = [];

/** Where the observation was about another end. */
const endOf = (o: Observation): { endpoint?: string; port?: number } => ({
  ...(o.endpoint !== '' && { endpoint: o.endpoint }),
  ...(o.port > 0 && { port: o.port }),
});

/** The value as people read it; "none" where a negative filter held for want of one. */
const shown = (value: string | number | undefined): string | number =>
  typeof value === 'number' ? Math.round(value * 1000) / 1000 : (value ?? 'none');

/** Whether the components that triggered suffice: all of them, or weights up to the target; in order where asked for. */
function isComplete(model: Model, triggered: readonly (TriggeredComponent | undefined)[]): boolean {
  if (model.targetScore !== undefined) {
    const sum = model.components.reduce((s, c, i) => s + (triggered[i] ? (c.weight ?? 1) : 0), 0);
    return sum >= model.targetScore;
  }
  if (triggered.some((t) => t === undefined)) return false;
  if (!model.sequenced) return true;
  return triggered.every((t, i) => i === 0 || t!.time >= triggered[i - 1]!.time);
}
