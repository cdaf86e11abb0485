/** The page: log-in, change of password, or the screens; the address stays whatever it was. */
import { QueryClientProvider, useQuery } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect } from 'react';
import { sessionQuery } from '../api/queries.ts';
import { router } from '../router.tsx';
import { ChangePassword } from '../screens/login/change-password.tsx';
import { Login } from '../screens/login/login.tsx';
import { Failure, Skeleton } from '../ui/states.tsx';
import { useSkeleton } from './hooks.ts';
import { live, queries } from './services.ts';

function Gate() {
  const session = useQuery(sessionQuery);
  const isSlow = useSkeleton(session.isPending);
  const isOpen = Boolean(session.data && !session.data.user.mustChange);
  useEffect(() => {
    if (!isOpen) return;
    live.start();
    return () => live.stop();
  }, [isOpen]);
  if (session.data === undefined)
    return session.error ? (
      <Failure error={session.error} onRetry={() => void session.refetch()} />
    ) : isSlow ? (
      <Skeleton rows={9} />
    ) : null;
  if (session.data === null) return <Login />;
  if (session.data.user.mustChange) return <ChangePassword user={session.data.user.username} />;
  return <RouterProvider router={router} />;
}

export function App() {
  return (
    <QueryClientProvider client={queries}>
      <Gate />
    </QueryClientProvider>
  );
}
