import { useLive } from '../api/use-live.js';
import { EmptyNote } from '../parts/notes.js';

/** What stands in the place of a view before the first cycle. */
export function FirstMinute() {
  const { status } = useLive();
  const failure = status?.lastFailure ?? status?.lastSkipped;
  return (
    <EmptyNote title="No cycle is stored yet">
      <p>The first one shows up here by itself.</p>
      {failure && (
        <p className="fault">
          The last turn: {failure.message} ({failure.code})
        </p>
      )}
      <progress aria-label="Waiting for the first cycle" />
    </EmptyNote>
  );
}
