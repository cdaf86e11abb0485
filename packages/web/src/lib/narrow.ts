/** Whether the page is as narrow as a phone: the same width as in the style sheets. */
const QUERY = '(max-width: 700px)';

interface Media {
  matches: boolean;
  addEventListener(type: 'change', listener: () => void): void;
  removeEventListener(type: 'change', listener: () => void): void;
}

/** A store of that fact, as React subscribes to one. */
export function narrowStore(match: (query: string) => Media) {
  const media = match(QUERY);
  return {
    now: () => media.matches,
    subscribe: (listener: () => void) => {
      media.addEventListener('change', listener);
      return () => media.removeEventListener('change', listener);
    },
  };
}
