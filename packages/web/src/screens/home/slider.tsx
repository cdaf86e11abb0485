/** The threshold with the scores behind it, so that its cost is seen before it is set. */
import { ScoreShape } from '../../ui/score-mark.tsx';
import { TEXT } from './texts.ts';
import s from './tray.module.css';

interface Props {
  min: number;
  /** Breaches in 20 steps of 5 percent. */
  histogram: readonly number[];
  onChange: (min: number) => void;
}

const HEIGHT = 22;

export function Slider({ min, histogram, onChange }: Props) {
  const most = Math.max(1, ...histogram);
  return (
    <div className={s.slider}>
      <div className={s.track}>
        <svg viewBox={`0 0 100 ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
          {histogram.map((count, i) => {
            const high = count === 0 ? 0 : 2 + (count / most) * (HEIGHT - 2);
            return (
              <rect
                // biome-ignore lint/suspicious/noArrayIndexKey: the steps are fixed
                key={i}
                x={i * 5 + 0.4}
                y={HEIGHT - high}
                width={4.2}
                height={high}
                className={i * 5 < min ? s.below : s.above}
              />
            );
          })}
        </svg>
        <input
          type="range"
          min={0}
          max={100}
          step={5}
          value={min}
          aria-label={TEXT.threshold}
          title={TEXT.threshold}
          onChange={(event) => onChange(Number(event.target.value))}
        />
      </div>
      <output className={s.output}>
        <ScoreShape percent={min} />≥ {min} %
      </output>
    </div>
  );
}
