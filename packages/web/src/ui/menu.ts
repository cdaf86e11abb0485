/** The context menu: one for the page, filled by whatever was asked. */
export interface MenuItem {
  label: string;
  run: () => void;
}

export interface OpenMenu {
  x: number;
  y: number;
  title: string;
  items: readonly MenuItem[];
}

export class MenuStore {
  #now: OpenMenu | undefined;
  readonly #listeners = new Set<() => void>();

  get now(): OpenMenu | undefined {
    return this.#now;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  show(menu: OpenMenu | undefined): void {
    this.#now = menu;
    for (const listener of this.#listeners) listener();
  }
}

export const menu = new MenuStore();
