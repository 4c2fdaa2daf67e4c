/** What is told through a channel. Its id is the same at every attempt: receivers know it again by that. */
export type AlertMessage = FiringMessage | TestMessage;

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

/** A message for people: a title, and lines below it. */
export function textOf(message: AlertMessage): { title: string; lines: readonly string[] } {
  const at = `${new Date(message.at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
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
  }
}

const TYPES = { FIRING: 'alert.fired', TEST: 'alert.test' } as const;

/** A message for programs, with the members that Standard Webhooks recommends. */
export function jsonOf(message: AlertMessage): string {
  const { kind, id, at, ...data } = message;
  const { title, lines } = textOf(message);
  return JSON.stringify({
    type: TYPES[kind],
    timestamp: new Date(at).toISOString(),
    data: { id, ...data, text: [title, ...lines].join('\n') },
  });
}
