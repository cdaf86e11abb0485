/** A threat score: number, shape and colour, in this order of trust. */
import { type BandName, bandOf } from '../lib/score.ts';
import s from './score-mark.module.css';

const SHAPES: Record<BandName, React.ReactNode> = {
  trace: <circle cx="6" cy="6" r="4" fill="none" strokeWidth="1.8" />,
  low: <circle cx="6" cy="6" r="4.6" />,
  moderate: <rect x="1.6" y="1.6" width="8.8" height="8.8" />,
  high: <path d="M6 1 11.4 10.8H.6z" />,
  critical: <path d="M6 .2 11.8 6 6 11.8.2 6z" />,
};

export function ScoreShape({ percent }: { percent: number }) {
  const { name } = bandOf(percent);
  return (
    <svg className={`${s.shape} ${s[name]}`} viewBox="0 0 12 12" aria-hidden="true">
      {SHAPES[name]}
    </svg>
  );
}

export function ScoreMark({ percent, isLarge = false }: { percent: number; isLarge?: boolean }) {
  return (
    <span
      className={isLarge ? `${s.score} ${s.large}` : s.score}
      title={`${bandOf(percent).name}: ${percent} of 100`}
    >
      <ScoreShape percent={percent} />
      <span className={s.number}>{percent}</span>
    </span>
  );
}
