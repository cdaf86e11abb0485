/** The breach condition of a component: filters by letter, "A AND (B OR C)", as model editors of the field write it. */
import { ThymusError } from '@thymus/core';

export type Condition =
  | { kind: 'filter'; index: number }
  | { kind: 'and' | 'or'; left: Condition; right: Condition };

/** Reads a condition over `count` filters. AND binds closer than OR. A text that is none is refused with BAD_INPUT. */
export function parseCondition(text: string, count: number): Condition {
  const tokens = text.match(/[A-Z]+|[()]|\S/g) ?? [];
  let at = 0;
  const refuse = (found: string | undefined): never => {
    throw new ThymusError('BAD_INPUT', `"${text}" is no condition: unexpected ${found ?? 'end'}.`);
  };
  const operand = (): Condition => {
    const token = tokens[at++];
    if (token === '(') {
      const inside = either();
      if (tokens[at++] !== ')') refuse(tokens[at - 1]);
      return inside;
    }
    const index = token?.length === 1 ? token.charCodeAt(0) - 65 : -1;
    if (index < 0 || index >= count) refuse(token);
    return { kind: 'filter', index };
  };
  const both = (): Condition => {
    let left = operand();
    while (tokens[at] === 'AND') {
      at++;
      left = { kind: 'and', left, right: operand() };
    }
    return left;
  };
  const either = (): Condition => {
    let left = both();
    while (tokens[at] === 'OR') {
      at++;
      left = { kind: 'or', left, right: both() };
    }
    return left;
  };
  const condition = either();
  if (at < tokens.length) refuse(tokens[at]);
  return condition;
}

/** True if the condition holds, asking only for the filters that decide it. */
export function holds(condition: Condition, filter: (index: number) => boolean): boolean {
  if (condition.kind === 'filter') return filter(condition.index);
  const left = holds(condition.left, filter);
  if (condition.kind === 'and') return left && holds(condition.right, filter);
  return left || holds(condition.right, filter);
}
