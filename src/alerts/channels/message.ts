import type { HealthKind } from '../../domain/alerts/health.js';

/** What is told through a channel. Its id is the same at every attempt: receivers know it again by that. */
export type AlertMessage = FiringMessage | TestMessage | HealthMessage;

interface Told {
  readonly id: string;
  /** When what it tells of happened, milliseconds since 1970. */
  readonly at: number;
}

/** A rule has fired. */
export interface FiringMessage extends Told {
  readonly kind: 'FIRING';
  readonly alert: { readonly id: string; readonly name: string; readonly version: number };
  /** What the rule watches, and for what, in words. */
  readonly line: string;
  readonly condition: string;
  readonly value: number;
  /** Of the value, in words; empty where it has none. */
  readonly unit: string;
  readonly turn: number;
}

/** Somebody wants to see whether messages arrive. */
interface TestMessage extends Told {
  readonly kind: 'TEST';
  readonly alert: { readonly id: string; readonly name: string };
}

/** Something is wrong, or is over. */
export interface HealthMessage extends Told {
  readonly kind: 'HEALTH';
  readonly notice: {
    /** The same at its beginning and at its end. */
    readonly id: string;
    readonly kind: HealthKind;
    readonly words: string;
    /** ISO 8601; `until` is null while it lasts. */
    readonly since: string;
    readonly until: string | null;
  };
}

const HEALTH_TITLES: Readonly<Record<HealthKind, string>> = {
  OVERDUE: 'No turn completes',
  SKIPPED: 'Turns are skipped',
  DATABASE_AWAY: 'The database is away',
  EXCHANGE_BANNED: 'The exchange wants silence',
  SPOOLED: 'Cycles are kept on disk',
  CHANNEL_DEAD: 'A channel of an alert is off',
};

/** A message for people: a title, and lines below it. */
export function textOf(message: AlertMessage): { title: string; lines: readonly string[] } {
  const at = inWords(message.at);
  switch (message.kind) {
    case 'FIRING': {
      const { alert, line, condition, value, unit, turn } = message;
      const said = `${line} ${condition}: ${String(value)}${unit === '' ? '' : ` ${unit}`}`;
      return { title: alert.name, lines: [said, `Turn ${turn}, ${at}`] };
    }
    case 'TEST':
      return {
        title: `Test of the alert ${message.alert.name}`,
        lines: ['Messages of this alert arrive here.', at],
      };
    case 'HEALTH': {
      const { kind, words, since, until } = message.notice;
      const title = HEALTH_TITLES[kind];
      if (until === null) return { title, lines: [words, `Since ${at}`] };
      return {
        title: `Over: ${title}`,
        lines: [words, `From ${inWords(Date.parse(since))} to ${at}`],
      };
    }
  }
}

function inWords(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

function typeOf(message: AlertMessage): string {
  if (message.kind === 'HEALTH') {
    return message.notice.until === null ? 'health.began' : 'health.ended';
  }
  return message.kind === 'FIRING' ? 'alert.fired' : 'alert.test';
}

/** A message for programs, with the members that Standard Webhooks recommends. */
export function jsonOf(message: AlertMessage): string {
  const { kind, id, at, ...data } = message;
  const { title, lines } = textOf(message);
  return JSON.stringify({
    type: typeOf(message),
    timestamp: new Date(at).toISOString(),
    data: { id, ...data, text: [title, ...lines].join('\n') },
  });
}
