/** An address that leads nowhere: says so and offers ways on. */
import { Link, useLocation } from '@tanstack/react-router';
import { SafeText } from '../ui/safe-text.tsx';
import { Empty } from '../ui/states.tsx';

const TEXT = {
  title: 'Nothing here',
  nothing: 'There is no screen at',
  home: 'Threat Visualizer',
  search: 'Search for it instead',
};

export function NotFound() {
  const { pathname } = useLocation();
  const last = pathname.split('/').findLast(Boolean) ?? '';
  return (
    <>
      <h1>{TEXT.title}</h1>
      <Empty
        why={
          <>
            {TEXT.nothing}{' '}
            <code>
              <SafeText value={pathname} most={80} />
            </code>
          </>
        }
      >
        <Link to="/search" search={{ q: last }}>
          {TEXT.search}
        </Link>
        <Link to="/">{TEXT.home}</Link>
      </Empty>
    </>
  );
}
