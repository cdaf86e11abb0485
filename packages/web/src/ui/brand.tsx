/** The mark and the name. */
import s from './brand.module.css';

export function Brand() {
  return (
    <span className={s.brand}>
      <svg viewBox="0 0 32 32" aria-hidden="true">
        <path d="M8 9h16M16 9v15" className={s.stem} />
        <path d="M9 17l3 4M23 17l-3 4" className={s.leaf} />
      </svg>
      Thymus
    </span>
  );
}
