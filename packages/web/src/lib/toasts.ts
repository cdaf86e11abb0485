/** Short messages with an Undo that stays open for eight seconds. */

export interface Toast {
  id: number;
  text: string;
  isError: boolean;
  undo?: () => void;
}

/** How long a message stays, ms. */
export const TOAST_TIME = 8000;

type Wait = (run: () => void, ms: number) => unknown;

export class Toasts {
  #list: readonly Toast[] = [];
  #next = 1;
  readonly #listeners = new Set<() => void>();
  readonly #wait: Wait;

  constructor(wait: Wait) {
    this.#wait = wait;
  }

  get list(): readonly Toast[] {
    return this.#list;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  show(text: string, undo?: () => void): void {
    this.#add(
      undo ? { id: this.#next++, text, isError: false, undo } : { id: this.#next++, text, isError: false },
    );
  }

  fail(text: string): void {
    this.#add({ id: this.#next++, text, isError: true });
  }

  /** Takes back the newest action that can be taken back; false when there is none. */
  undoLast(): boolean {
    const toast = this.#list.findLast((t) => t.undo);
    if (!toast) return false;
    this.dismiss(toast.id);
    toast.undo?.();
    return true;
  }

  dismiss(id: number): void {
    this.#set(this.#list.filter((t) => t.id !== id));
  }

  #add(toast: Toast): void {
    this.#set([...this.#list, toast].slice(-4));
    this.#wait(() => this.dismiss(toast.id), TOAST_TIME);
  }

  #set(list: readonly Toast[]): void {
    this.#list = list;
    for (const listener of this.#listeners) listener();
  }
}
