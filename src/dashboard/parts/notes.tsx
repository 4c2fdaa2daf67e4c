import { useEffect, useState, type ReactNode } from 'react';
import type { FallbackProps } from 'react-error-boundary';
import type { CombinedError } from 'urql';
import { wantsToken, wordsOf } from '../api/client.js';
import { refusalOf } from '../api/refusal.js';
import { show } from '../use-view-state.js';
import { TokenForm } from './token-form.js';

/** How long one waits before a bar says that something goes on, milliseconds. */
const PATIENCE_MS = 1_000;

/** A bar that appears once one has waited for a second. */
export function Waiting({ is, label }: { readonly is: boolean; readonly label: string }) {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    if (!is) return;
    const timer = setTimeout(() => setLong(true), PATIENCE_MS);
    return () => {
      clearTimeout(timer);
      setLong(false);
    };
  }, [is]);
  return is && isLong ? <progress className="wait" aria-label={label} /> : null;
}

/** Says what went wrong, and how to go on. */
export function ErrorNote({
  error,
  again,
}: {
  readonly error: CombinedError;
  readonly again?: () => void;
}) {
  if (wantsToken(error)) return <TokenForm refusal={refusalOf(error)} />;
  return (
    <div className="note error" role="alert">
      <p>{wordsOf(error)}</p>
      {again && (
        <button type="button" onClick={again}>
          Try again
        </button>
      )}
    </div>
  );
}

/** Says why there is nothing to see. */
export function EmptyNote({
  title,
  children,
}: {
  readonly title: string;
  readonly children?: ReactNode;
}) {
  return (
    <div className="note empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** Says that a turn is none of those that are stored, and leads back to these. */
export function NotStored({ turn }: { readonly turn: number }) {
  return (
    <EmptyNote title={`Turn ${turn} is not stored`}>
      <p>
        <button type="button" onClick={() => show({ turn: null })}>
          Go to the newest
        </button>
      </p>
    </EmptyNote>
  );
}

/** Stands in the place of a view that could not be drawn. */
export function BrokenNote({ error, resetErrorBoundary }: FallbackProps) {
  return (
    <div className="note error" role="alert">
      <h2>This view could not be drawn</h2>
      <p>{error instanceof Error ? error.message : String(error)}</p>
      <button type="button" onClick={resetErrorBoundary}>
        Draw it again
      </button>
    </div>
  );
}
