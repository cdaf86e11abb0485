/** The left rail: the areas of the product. */
import { Link } from '@tanstack/react-router';
import { Activity, Gauge, Monitor, Search, ShieldAlert } from 'lucide-react';
import s from './rail.module.css';

const AREAS = [
  { to: '/', label: 'Threat Visualizer', Icon: Gauge },
  { to: '/breaches', label: 'Breaches', Icon: ShieldAlert },
  { to: '/devices', label: 'Devices', Icon: Monitor },
  { to: '/search', label: 'Advanced Search', Icon: Search },
  { to: '/sysstatus', label: 'System Status', Icon: Activity },
] as const;

export function Rail({ isWide }: { isWide: boolean }) {
  return (
    <nav className={s.rail} aria-label="Areas">
      {AREAS.map(({ to, label, Icon }) => (
        <Link
          key={to}
          to={to}
          className={s.item}
          activeProps={{ className: s.active }}
          activeOptions={{ exact: to === '/', includeSearch: false }}
          title={isWide ? undefined : label}
        >
          <Icon size={18} aria-hidden="true" />
          <span className={isWide ? undefined : 'visually-hidden'}>{label}</span>
        </Link>
      ))}
    </nav>
  );
}
