/** Keyboard shortcuts: single keys and two-key sequences (`g h`), the innermost screen first, never inside inputs. */

export interface KeyBinding {
  /** One key as `KeyboardEvent.key` names it, with `Ctrl-` where held; or two of them, separated by a blank. */
  keys: string;
  /** What it does, for the help. Bindings with the same label are listed together. */
  label: string;
  run: () => void;
}

export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  /** The element that has the focus. */
  target: unknown;
}

/** How long the first key of a sequence waits for the second, ms. */
const SEQUENCE_TIME = 1500;

/** True for elements that take text, where single keys must type. */
function takesText(target: unknown): boolean {
  const element = target as { tagName?: string; type?: string; isContentEditable?: boolean } | null;
  if (!element?.tagName) return false;
  if (element.isContentEditable) return true;
  if (element.tagName === 'INPUT')
    return !['checkbox', 'radio', 'button', 'range'].includes(element.type ?? 'text');
  return element.tagName === 'TEXTAREA' || element.tagName === 'SELECT';
}

export class KeyMap {
  readonly #layers: KeyBinding[][] = [];
  #first = '';
  #firstAt = 0;

  /** Adds bindings above those there are; the answer removes them. */
  add(bindings: KeyBinding[]): () => void {
    this.#layers.push(bindings);
    return () => {
      const at = this.#layers.indexOf(bindings);
      if (at >= 0) this.#layers.splice(at, 1);
    };
  }

  /** Every binding that a key press could reach, innermost first. */
  get reachable(): KeyBinding[] {
    const seen = new Set<string>();
    return this.#layers.toReversed().flatMap((layer) =>
      layer.filter((b) => {
        const isNew = !seen.has(b.keys);
        seen.add(b.keys);
        return isNew;
      }),
    );
  }

  /** Runs what the key is bound to at time `now`, ms; true when it was bound, so that the browser's own action is stopped. */
  press(event: KeyPress, now: number): boolean {
    if (event.altKey || ['Shift', 'Control', 'Meta', 'Alt'].includes(event.key)) return false;
    const isHeld = event.ctrlKey || event.metaKey;
    if (takesText(event.target) && !isHeld) return false;
    const key = isHeld ? `Ctrl-${event.key.toLowerCase()}` : event.key;
    const reachable = this.reachable;
    const sequence =
      this.#first !== '' && now - this.#firstAt <= SEQUENCE_TIME ? `${this.#first} ${key}` : '';
    this.#first = '';
    const bound =
      (sequence && reachable.find((b) => b.keys === sequence)) || reachable.find((b) => b.keys === key);
    if (bound) {
      bound.run();
      return true;
    }
    if (!reachable.some((b) => b.keys.startsWith(`${key} `))) return false;
    this.#first = key;
    this.#firstAt = now;
    return true;
  }
}
