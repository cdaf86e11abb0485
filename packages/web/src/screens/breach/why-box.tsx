/** The why-box: each component with what was seen, required and usual; then the score, step by step. */
import { formatChance } from '../../lib/quantity.ts';
import { percentOf } from '../../lib/score.ts';
import { formatDuration } from '../../lib/time-format.ts';
import { Entity } from '../../ui/entity.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import s from './breach.module.css';
import { TEXT } from './texts.ts';
import {
  type Component,
  type Explanation,
  figuresOf,
  formula,
  gaugeOf,
  isConsistent,
  letterOf,
  scoreSteps,
} from './why.ts';

/** Band, median, threshold and observed on one line. */
function Gauge({ component }: { component: Component }) {
  const { observed, threshold, band } = gaugeOf(component);
  const x = (place: number) => (place * 196 + 2).toFixed(1);
  return (
    <svg className={s.gauge} viewBox="0 0 200 18" preserveAspectRatio="none" aria-hidden="true">
      <path d="M2 9H198" className={s.axis} />
      {band && (
        <rect
          x={x(band.low)}
          y="4"
          width={Math.max(2, (band.high - band.low) * 196)}
          height="10"
          className={s.band}
        />
      )}
      {band && <path d={`M${x(band.median)} 4v10`} className={s.median} />}
      <path d={`M${x(threshold)} 2v14`} className={s.threshold} />
      <path d={`M${x(observed)} 9h.01`} className={s.observed} />
    </svg>
  );
}

/** A value of a filter: ages in time units, other fractions to one place. */
function filterValue(type: string, value: unknown): string {
  const n = typeof value === 'number' ? value : Number.NaN;
  if (!Number.isFinite(n)) return String(value);
  if (/^age of /i.test(type)) return formatDuration(n * 1000);
  return String(Number(n.toFixed(1)));
}

function ComponentBox({ component }: { component: Component }) {
  const { observed, required, usual } = figuresOf(component);
  const { evidence, filters, probability } = component;
  return (
    <li className={s.component}>
      <h3>
        <span className={s.letter}>{letterOf(component.index)}</span>
        {component.label}
      </h3>
      <Gauge component={component} />
      <dl className={s.figures}>
        <dt>
          <span className={s.dotObserved} /> {TEXT.observed}
        </dt>
        <dd>
          <b>{observed}</b>
        </dd>
        <dt>
          <span className={s.dotThreshold} /> {TEXT.required}
        </dt>
        <dd>{required}</dd>
        <dt>
          <span className={s.dotBand} /> {TEXT.usual}
        </dt>
        <dd>
          {usual ?? <span className="faint">{TEXT.noUsual}</span>}
          {component.usual && (
            <span className="faint"> · {TEXT.learnedFrom(Math.round(component.usual.hours))}</span>
          )}
        </dd>
        {probability !== undefined && (
          <>
            <dt>{TEXT.chance}</dt>
            <dd>{formatChance(probability)}</dd>
          </>
        )}
        {evidence.endpoint && (
          <>
            <dt>Endpoint</dt>
            <dd>
              <Entity value={evidence.endpoint} isMono />
              {evidence.port !== undefined && <span className="mono"> :{evidence.port}</span>}
            </dd>
          </>
        )}
      </dl>
      {filters.length > 0 && (
        <ul className={s.filters} aria-label={TEXT.filters}>
          {filters.map(({ filter, value }) => (
            <li key={`${filter.type} ${filter.comparator} ${filter.value}`}>
              <span className="quiet">
                {filter.type}{' '}
                {filter.comparator === 'display'
                  ? ''
                  : `${filter.comparator} ${filterValue(filter.type, filter.value)}`}
              </span>
              <span className="mono">
                <SafeText value={filterValue(filter.type, value)} most={160} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

export function ScoreTable({ explanation }: { explanation: Explanation }) {
  // rounded as the stored score is, or the last step could differ from it by a percent
  const steps = scoreSteps(explanation).map((step) => ({
    ...step,
    after: Math.round(step.after * 1000) / 1000,
  }));
  return (
    <details className={s.score} open>
      <summary>
        {TEXT.score}
        <output className="mono">{formula(steps)}</output>
      </summary>
      {!isConsistent(explanation) && (
        <p className={s.warning}>{TEXT.inconsistent(percentOf(explanation.score))}</p>
      )}
      <table>
        <thead>
          <tr>
            {TEXT.steps.map((name) => (
              <th key={name}>{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {steps.map(({ name, factor, after, why }, i) => (
            <tr key={name}>
              <td>{name}</td>
              <td className="mono">
                {i === 0 ? '' : '× '}
                {Number(factor.toPrecision(3))}
              </td>
              <td className="mono">{percentOf(after)} %</td>
              <td>{why}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

/** Circumstances that a reader must know before trusting the score. */
function warningsOf({ learning, delayed, suppressed, model }: Explanation): string[] {
  return [
    learning && TEXT.learning,
    delayed && TEXT.delayed,
    suppressed && TEXT.suppressed,
    model.changed && TEXT.changed,
  ].filter((text) => text !== false);
}

export function WhyBox({ explanation }: { explanation: Explanation }) {
  return (
    <Panel title={TEXT.why} actions={<span className="quiet">{TEXT.of(explanation.components.length)}</span>}>
      {warningsOf(explanation).map((text) => (
        <p key={text} className={s.warning}>
          {text}
        </p>
      ))}
      <ol className={s.components}>
        {explanation.components.map((component) => (
          <ComponentBox key={component.index} component={component} />
        ))}
      </ol>
      <ScoreTable explanation={explanation} />
    </Panel>
  );
}
