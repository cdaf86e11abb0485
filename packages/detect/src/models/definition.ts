/** Shorthand for models: what most of them have in common. */
import type { Component, Filter, Model } from '../model.ts';

type Defaults = 'behaviour' | 'tags' | 'interval' | 'throttle';

/** A model with the usual behaviour: fades when it repeats, fires once an hour and device. */
export const model = (parts: Omit<Model, Defaults> & Partial<Pick<Model, Defaults>>): Model => ({
  behaviour: 'decreasing',
  tags: [],
  interval: 3600,
  throttle: 3600,
  ...parts,
});

/** "Direction", "is", "out" as a filter. */
export const filter = (type: string, comparator: Filter['comparator'], value: Filter['value']): Filter => ({
  type,
  comparator,
  value,
});

export const component = (
  metric: string,
  threshold: number,
  interval: number,
  filters: readonly Filter[],
  more: Partial<Component> = {},
): Component => ({ metric, threshold, interval, filters, ...more });
