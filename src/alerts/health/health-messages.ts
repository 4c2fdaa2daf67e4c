import type { HealthNotice } from '../../domain/alerts/health.js';
import type { HealthMessage } from '../channels/message.js';

/** What is told of a notice: that it began, or, once it has ended, that it did. */
export function messageOfNotice({ id, kind, since, until, words }: HealthNotice): HealthMessage {
  return {
    kind: 'HEALTH',
    id: `health-${id}-${until === null ? 'began' : 'ended'}`,
    at: until ?? since,
    notice: {
      ...{ id, kind, words },
      since: new Date(since).toISOString(),
      until: until === null ? null : new Date(until).toISOString(),
    },
  };
}
