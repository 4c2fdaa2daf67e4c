import { useNotifications } from './notify.js';
import { useUnseenFirings } from './use-firings.js';

/** How many firings were not shown yet, behind the word that leads to them; and the browser tells of each. */
export function UnseenCount() {
  useNotifications();
  const count = useUnseenFirings();
  if (count === 0) return null;
  return (
    <span className="unseen">
      {' '}
      {count}
      <span className="hidden"> not yet seen</span>
    </span>
  );
}
