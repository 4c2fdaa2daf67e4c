import { AlertsDocument } from '../../generated/operations.js';
import { useAsked } from '../api/use-cycle.js';
import { EmptyNote, ErrorNote, Waiting } from '../parts/notes.js';

/** The rules of alerts. */
export function AlertsView() {
  const { data, isWaiting, error, again } = useAsked(AlertsDocument, {});
  return (
    <section aria-labelledby="alerts-title">
      <h2 id="alerts-title">Alerts</h2>
      <Waiting is={isWaiting && !data} label="Loading the alerts" />
      {error && <ErrorNote error={error} again={again} />}
      {data?.alerts?.length === 0 && <EmptyNote title="There is no rule yet" />}
      <ul>
        {data?.alerts?.map(({ id, name, enabled, problem }) => (
          <li key={id}>
            <strong>{name}</strong> {enabled ? '' : 'off'}{' '}
            {problem !== null && <span className="fault">{problem}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
