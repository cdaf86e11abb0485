/** The condition of a component as the API writes it: a tree over the letters of its filters. */
import type { WireLogic } from '@thymus/contract';
import type { Component } from '@thymus/detect';

type Node = string | WireLogic;

/** Ids of a component's filters: letters for those that decide, d1, d2 for those that only show a value. */
export function filterIds({ filters }: Component): string[] {
  let displayed = 0;
  return filters.map(({ comparator }, i) =>
    comparator === 'display' ? `d${++displayed}` : String.fromCharCode(65 + i),
  );
}

/** The tree of a component's condition, all of its deciding filters unless it says otherwise. */
export function wireLogic(component: Component): { data: WireLogic; version: string } {
  const deciding = filterIds(component).filter((id) => !id.startsWith('d'));
  const text = component.logic ?? deciding.join(' AND ');
  const tree = new Parser(text.match(/[A-Za-z0-9]+|[()]/g) ?? []).either();
  return { data: typeof tree === 'string' ? { left: tree } : tree, version: 'v0.1' };
}

/** Models are checked where they are registered; here brackets and operators are only put into shape. */
class Parser {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  either(): Node {
    return this.#joined('OR', () => this.#joined('AND', () => this.#operand()));
  }

  #joined(operator: 'AND' | 'OR', part: () => Node): Node {
    const left = part();
    if (this.#tokens[this.#at] !== operator) return left;
    this.#at++;
    return { left, operator, right: this.#joined(operator, part) };
  }

  #operand(): Node {
    const token = this.#tokens[this.#at++] ?? '';
    if (token !== '(') return token;
    const inside = this.either();
    this.#at++;
    return inside;
  }
}
