/** A thing that has a place of its own (device, address, host, user, model): Enter opens it, its menu does the rest. */
import { Link, useNavigate } from '@tanstack/react-router';
import { defang, shown } from '../lib/hostile-text.ts';
import { clauseFor } from '../lib/search-text.ts';
import { toasts } from '../shell/services.ts';
import { type MenuItem, menu } from './menu.ts';
import { SafeText } from './safe-text.tsx';

const TEXT = {
  open: 'Open',
  search: 'Search its records',
  include: 'Show only this',
  exclude: 'Leave this out',
  copy: 'Copy',
  copyDefanged: 'Copy defanged',
  copied: (what: string) => `Copied ${what}`,
  noClipboard: 'The browser did not allow copying.',
};

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toasts.show(TEXT.copied(text.slice(0, 60)));
  } catch {
    toasts.fail(TEXT.noClipboard);
  }
}

interface Props {
  value: unknown;
  /** Search field it is a value of; without one, the bare value is searched. */
  field?: string;
  /** Opens this device; without it, Enter searches. */
  did?: number | undefined;
  most?: number;
  isMono?: boolean;
  /** Offers "only this" and "leave out" for the list that shows it. */
  onFilter?: (include: boolean) => void;
  children?: React.ReactNode;
}

export function Entity({ value, field, did, most = 60, isMono = false, onFilter, children }: Props) {
  const navigate = useNavigate();
  const q = clauseFor(field, value);
  const search = () => void navigate({ to: '/search', search: { q } });
  const openMenu = (event: React.MouseEvent) => {
    event.preventDefault();
    const text = String(value ?? '');
    const items: MenuItem[] = [];
    if (did)
      items.push({
        label: TEXT.open,
        run: () => void navigate({ to: '/device/$did', params: { did: String(did) } }),
      });
    if (onFilter) {
      items.push({ label: TEXT.include, run: () => onFilter(true) });
      items.push({ label: TEXT.exclude, run: () => onFilter(false) });
    }
    items.push({ label: TEXT.search, run: search });
    items.push({ label: TEXT.copy, run: () => void copy(text) });
    items.push({ label: TEXT.copyDefanged, run: () => void copy(defang(text)) });
    // asked for with a key, the menu opens at the thing, not at the pointer
    const box = event.currentTarget.getBoundingClientRect();
    const isByKey = event.clientX === 0 && event.clientY === 0;
    menu.show({
      x: isByKey ? box.left : event.clientX,
      y: isByKey ? box.bottom : event.clientY,
      title: shown(text),
      items,
    });
  };
  const looks = { className: isMono ? 'mono' : '', onContextMenu: openMenu };
  const content = children ?? <SafeText value={value} most={most} />;
  if (did)
    return (
      <Link to="/device/$did" params={{ did: String(did) }} {...looks}>
        {content}
      </Link>
    );
  return (
    <Link to="/search" search={{ q }} {...looks}>
      {content}
    </Link>
  );
}
