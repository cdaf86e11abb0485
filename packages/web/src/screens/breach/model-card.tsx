/** What the model looks for and what to do next. */
import { modelThen, type WireBreach } from '../../api/documented.ts';
import { Facts, Panel } from '../../ui/panel.tsx';
import s from './breach.module.css';
import { TEXT } from './texts.ts';
import type { Explanation } from './why.ts';

export function ModelCard({ breach, explanation }: { breach: WireBreach; explanation: Explanation }) {
  const { model } = explanation;
  const { mitre } = modelThen(breach);
  return (
    <Panel title={TEXT.model}>
      <p className={s.text}>{model.description}</p>
      {model.action && (
        <p className={s.text}>
          <b>{TEXT.next}.</b> {model.action}
        </p>
      )}
      <Facts
        rows={[
          ['Tactics', mitre?.tactics.join(', ')],
          ['Techniques', mitre?.techniques.join(', ')],
        ]}
      />
    </Panel>
  );
}
