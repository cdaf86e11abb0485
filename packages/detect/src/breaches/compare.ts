/** Comparators of filters. Names are those of the API (reference 5.9). */
import { ThymusError } from '@thymus/core';
import type { Comparator, Filter } from '../model.ts';

export type FilterValue = string | number | undefined;
export type Test = (value: FilterValue) => boolean;

const NUMERIC: Partial<Record<Comparator, (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '>=': (a, b) => a >= b,
  '>': (a, b) => a > b,
};

/** A filter as a function of the value it looks at. An absent value passes only the negative comparators. */
export function testOf(filter: Filter): Test {
  const numeric = NUMERIC[filter.comparator];
  if (numeric) {
    const limit = Number(filter.value);
    if (Number.isNaN(limit)) {
      throw new ThymusError(
        'BAD_INPUT',
        `${filter.type} ${filter.comparator} "${filter.value}": not a number.`,
      );
    }
    return (value) => value !== undefined && numeric(Number(value), limit);
  }
  return textTest(filter);
}

function textTest({ comparator, value }: Filter): Test {
  const wanted = String(value).toLowerCase();
  const text = (v: FilterValue): string => String(v ?? '').toLowerCase();
  switch (comparator) {
    case 'is':
    case 'has tag':
      return (v) => v !== undefined && text(v) === wanted;
    case 'is not':
    case 'does not have tag':
      return (v) => text(v) !== wanted;
    case 'contains':
      return (v) => text(v).includes(wanted);
    case 'does not contain':
      return (v) => !text(v).includes(wanted);
    case 'matches':
      return wildcard(wanted, text);
    case 'does not match': {
      const matches = wildcard(wanted, text);
      return (v) => !matches(v);
    }
    case 'matches regular expression':
      return expression(String(value));
    case 'does not match regular expression': {
      const matches = expression(String(value));
      return (v) => !matches(v);
    }
    case 'is longer than':
      return (v) => text(v).length > Number(value);
    case 'is shorter than':
      return (v) => text(v).length < Number(value);
    default:
      return () => true; // "display" shows a value and decides nothing
  }
}

/** `*` stands for anything. */
function wildcard(pattern: string, text: (v: FilterValue) => string): Test {
  const source = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const compiled = new RegExp(`^${source.join('.*')}$`, 's');
  return (v) => compiled.test(text(v));
}

function expression(source: string): Test {
  try {
    const compiled = new RegExp(source, 'i');
    return (v) => v !== undefined && compiled.test(String(v));
  } catch (cause) {
    throw new ThymusError('BAD_INPUT', `"${source}" is no regular expression.`, { cause });
  }
}
