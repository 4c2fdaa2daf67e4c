import { useEffect, useEffectEvent, useState } from 'react';

/**
 * A value as it was when it was first there, and then again every so often: not with each change of it.
 * @param value null forgets it
 */
export function useEvery<T>(everyMs: number, value: T | null): T | null {
  const [kept, setKept] = useState(value);
  if ((kept === null) !== (value === null)) setKept(value);
  const renew = useEffectEvent(() => setKept(value));
  useEffect(() => {
    const timer = setInterval(renew, everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return kept;
}
