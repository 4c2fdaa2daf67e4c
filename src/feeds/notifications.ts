/** What instances on one database tell each other. It may be lost: it only says where to look. */
export type Notification =
  /** A turn was stored. */
  | { readonly kind: 'TURN'; readonly turn: number }
  /** Settings, a purge or a cache reset: the control data has changed. */
  | { readonly kind: 'CONTROL' }
  /** Rules of alerts were changed, or have fired. */
  | { readonly kind: 'ALERTS' }
  /** A turn was skipped. Times are milliseconds since 1970. */
  | {
      readonly kind: 'SKIPPED';
      readonly at: number;
      readonly code: string;
      readonly message: string;
    }
  /** Somebody wants a turn now. */
  | { readonly kind: 'RUN' };

export interface NotificationChannel {
  /** Sends it to all instances, this one included. Never throws. */
  publish(notification: Notification): void;
  /** Whether whatever is sent now surely comes; left out where that is never sure. */
  readonly isSure?: boolean;
  /** What is sent from now on, until the signal is aborted; goes on by itself after an outage. */
  follow(signal: AbortSignal): AsyncIterable<Notification>;
}
