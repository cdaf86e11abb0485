/** How large the estate is and how well it is known. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { summaryQuery } from '../../api/queries.ts';
import { formatCount } from '../../lib/quantity.ts';
import { Panel } from '../../ui/panel.tsx';
import { Loaded } from '../../ui/states.tsx';
import s from './home.module.css';
import { TEXT } from './texts.ts';

function Figure({
  name,
  value,
  to,
}: {
  name: string;
  value: number | undefined;
  to: '/devices' | '/sysstatus' | '/search';
}) {
  return (
    <Link to={to} className={s.figure}>
      {name} <b>{formatCount(value)}</b>
    </Link>
  );
}

export function Estate() {
  const summary = useQuery(summaryQuery);
  return (
    <Panel title={TEXT.estate}>
      <Loaded query={summary}>
        {({ devicecount, subnets, usercredentialcount, patterns }) => (
          <div className={s.figures}>
            <Link to="/devices" className={`${s.figure} ${s.wide}`}>
              {TEXT.devices} <b>{formatCount(devicecount.total)}</b>
            </Link>
            <Figure name={TEXT.clients} value={devicecount.totalClient} to="/devices" />
            <Figure name={TEXT.servers} value={devicecount.totalServer} to="/devices" />
            <Figure name={TEXT.subnets} value={subnets} to="/sysstatus" />
            <Figure name={TEXT.credentials} value={usercredentialcount} to="/devices" />
            <div className={`${s.figure} ${s.wide}`}>
              {TEXT.patterns} <b>{formatCount(patterns)}</b>
            </div>
          </div>
        )}
      </Loaded>
    </Panel>
  );
}
