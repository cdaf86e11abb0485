/** Links as other products build them: `#modelbreach/12345` without the slash means the same as `#/modelbreach/12345`. */

/** The hash that the router understands, or undefined where the given one is in order already. */
export function normalHash(hash: string): string | undefined {
  if (hash === '' || hash === '#' || hash.startsWith('#/')) return undefined;
  return `#/${hash.replace(/^#!?\/*/, '')}`;
}

interface Place {
  location: { hash: string };
  history: { state: unknown; replaceState(state: unknown, unused: string, url: string): void };
  addEventListener(type: 'hashchange', listener: () => void, capture: boolean): void;
}

/**
 * Rewrites the hash now and whenever it changes. Must run before the router starts and listens in the capturing phase,
 * so that the router never sees the other form; the history keeps its length, so Back works.
 */
export function acceptDeepLinks(window: Place): void {
  const rewrite = () => {
    const hash = normalHash(window.location.hash);
    if (hash !== undefined) window.history.replaceState(window.history.state, '', hash);
  };
  rewrite();
  window.addEventListener('hashchange', rewrite, true);
}
