/** Models made ready to run: metrics and indicators looked up, filters as functions, conditions parsed. */
import { ThymusError } from '@thymus/core';
import type { Indicator } from '../indicators/definition.ts';
import type { MetricDefinition } from '../metrics/definition.ts';
import type { Component, Filter, Model } from '../model.ts';
import { type Test, testOf } from './compare.ts';
import { type Condition, parseCondition } from './logic.ts';
import { type ModelMemory, restoredMemory } from './memory.ts';

export interface CompiledFilter {
  filter: Filter;
  indicator: Indicator;
  test: Test;
}

export interface CompiledComponent {
  owner: CompiledModel;
  index: number;
  component: Component;
  metric: MetricDefinition;
  filters: CompiledFilter[];
  /** Absent where all filters have to hold. */
  condition: Condition | undefined;
}

export interface CompiledModel {
  model: Model;
  components: CompiledComponent[];
  memory: ModelMemory;
}

/** Looks everything up; an unknown metric or indicator is refused with BAD_INPUT. */
export function compile(
  model: Model,
  metrics: ReadonlyMap<string, MetricDefinition>,
  indicators: ReadonlyMap<string, Indicator>,
  memory: ModelMemory | undefined,
): CompiledModel {
  const owner: CompiledModel = { model, components: [], memory: restoredMemory(model, memory) };
  model.components.forEach((component, index) => {
    const metric = metrics.get(component.metric);
    if (!metric)
      throw new ThymusError('BAD_INPUT', `${model.name}: there is no metric "${component.metric}".`);
    const filters = component.filters.map((filter) => {
      const indicator = indicators.get(filter.type);
      if (!indicator)
        throw new ThymusError('BAD_INPUT', `${model.name}: there is no filter "${filter.type}".`);
      return { filter, indicator, test: testOf(filter) };
    });
    const condition = component.logic ? parseCondition(component.logic, filters.length) : undefined;
    owner.components.push({ owner, index, component, metric, filters, condition });
  });
  return owner;
}
