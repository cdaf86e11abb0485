/** A flat box with a small heading and room for controls at its right. */
import s from './panel.module.css';

interface Props {
  title: React.ReactNode;
  actions?: React.ReactNode;
  className?: string | undefined;
  children: React.ReactNode;
}

export function Panel({ title, actions, className, children }: Props) {
  return (
    <section className={className ? `${s.panel} ${className}` : s.panel}>
      <header className={s.head}>
        <h2 className="section">{title}</h2>
        {actions && <div className={s.actions}>{actions}</div>}
      </header>
      {children}
    </section>
  );
}

/** Names and values in two columns; undefined and empty values leave their line out. */
export function Facts({ rows }: { rows: readonly (readonly [string, React.ReactNode])[] }) {
  return (
    <dl className={s.facts}>
      {rows
        .filter(([, value]) => value !== undefined && value !== '' && value !== false)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
