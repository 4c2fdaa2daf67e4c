import { useEffect, useEffectEvent, useRef, useSyncExternalStore, type ComponentType } from 'react';
import { useLive } from '../api/use-live.js';
import { Waiting } from '../parts/notes.js';
import { loadAgain } from './load-again.js';

/** A view that is loaded when it is first wanted. */
interface Loading {
  readonly View: ComponentType | null;
  /** Why it is not there, in words; null while that is not known. */
  readonly fault: string | null;
  readonly isTrying: boolean;
}

/** A view in a file of its own. */
interface LazyView {
  readonly View: ComponentType;
  /** Loads the file before it is wanted, once. Where that fails nothing is said: opening it tries again. */
  readonly early: () => void;
}

/**
 * A view in a file of its own. One that could not be loaded can be tried again, and is by itself once
 * the server is back.
 * @param name what the file calls the view
 */
export function lazyView<Name extends string>(
  load: () => Promise<Readonly<Record<Name, ComponentType>>>,
  name: Name,
): LazyView {
  let now: Loading = { View: null, fault: null, isTrying: false };
  const listeners = new Set<() => void>();
  const set = (change: Partial<Loading>): void => {
    now = { ...now, ...change };
    for (const listener of listeners) listener();
  };
  const attempt = async (): Promise<void> => {
    if (now.View || now.isTrying) return;
    set({ isTrying: true });
    try {
      const file = await loadAgain(load);
      set({ View: file[name], fault: null, isTrying: false });
    } catch (error) {
      set({ fault: error instanceof Error ? error.message : String(error), isTrying: false });
    }
  };
  const subscribe = (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };

  function View() {
    const { View: Loaded, fault, isTrying } = useSyncExternalStore(subscribe, () => now);
    useEffect(() => void attempt(), []);
    if (Loaded) return <Loaded />;
    if (fault === null) return <Waiting is label="Loading the view" />;
    return <NotLoaded fault={fault} isTrying={isTrying} again={() => void attempt()} />;
  }
  let isEarly = false;
  const early = (): void => {
    if (now.View || isEarly) return;
    isEarly = true;
    load().then(
      (file) => set({ View: file[name] }),
      () => undefined,
    );
  };
  return { View, early };
}

interface NotLoadedProps {
  readonly fault: string;
  readonly isTrying: boolean;
  readonly again: () => void;
}

function NotLoaded({ fault, isTrying, again }: NotLoadedProps) {
  const { connection } = useLive();
  const isLive = connection.state === 'LIVE';
  const wasLive = useRef(isLive);
  const tryAgain = useEffectEvent(again);
  useEffect(() => {
    if (isLive && !wasLive.current) tryAgain();
    wasLive.current = isLive;
  }, [isLive]);
  return (
    <div className="note error" role="alert">
      <h2>This view could not be loaded</h2>
      <p>{fault}</p>
      <button type="button" disabled={isTrying} onClick={again}>
        {isTrying ? 'Trying…' : 'Try again'}
      </button>
    </div>
  );
}
