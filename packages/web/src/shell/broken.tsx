/** A screen that failed: says so, keeps the rest of the page, offers to try again. */
import { useRouter } from '@tanstack/react-router';
import { Failure } from '../ui/states.tsx';

const TEXT = { title: 'This screen failed' };

export function Broken({ error, reset }: { error: unknown; reset: () => void }) {
  const router = useRouter();
  const again = () => {
    reset();
    void router.invalidate();
  };
  return (
    <>
      <h1>{TEXT.title}</h1>
      <Failure error={error} onRetry={again} />
    </>
  );
}
