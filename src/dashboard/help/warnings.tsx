import { useId } from 'react';
import { useLive } from '../api/use-live.js';
import { addressOf } from '../use-view-state.js';
import './warnings.css';

/** What the engine warns of, one below the other. */
export function WarningNotes() {
  const { status } = useLive();
  return status?.warnings.map((warning) => (
    <p key={warning} className="note warning">
      {warning}
    </p>
  ));
}

/** How many warnings there are: what they say, a mistyped asset among them, and where to go opens below. */
export function Warnings() {
  const { status } = useLive();
  const id = useId();
  const count = status?.warnings.length ?? 0;
  if (count === 0) return null;
  const words = count === 1 ? 'One warning' : `${count} warnings`;
  return (
    <>
      <button type="button" className="icon warnings" popoverTarget={id} title={words}>
        <span aria-hidden="true">! {count}</span>
        <span className="hidden">{words}</span>
      </button>
      <div
        id={id}
        popover="auto"
        className="popover warnings-list"
        role="dialog"
        aria-label="Warnings"
      >
        <WarningNotes />
        <p className="quiet">
          Settings are changed where the server is started;{' '}
          <a href={addressOf({ view: 'status' })}>the status</a> says how the engine stands.
        </p>
      </div>
    </>
  );
}
