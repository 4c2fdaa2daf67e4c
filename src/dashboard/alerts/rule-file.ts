import type { AlertInput, AlertRuleFragment } from '../../generated/operations.js';

/** A rule as a file says it; whether it is one is for the server to say. */
export interface FiledRule {
  /** Where it stands in the file, for people. */
  readonly place: string;
  /** Of the rule that was written to the file; null where it says none. */
  readonly id: string | null;
  readonly input: AlertInput;
}

/** Rules as a file has them, the same as `dynamics alerts --json`: no secret is in it. */
export function toRuleFile(rules: readonly AlertRuleFragment[]): string {
  return `${JSON.stringify(rules.map(toFile), null, 2)}\n`;
}

function toFile(rule: AlertRuleFragment): object {
  const { id, name, line, condition, cooldown, enabled } = rule;
  const channels = rule.channels.map((channel) => ({
    id: channel.id,
    kind: channel.kind,
    name: channel.name,
  }));
  return {
    ...{ id, name, line: given(line), condition: given(condition), enabled },
    ...(channels.length > 0 && { channels }),
    ...(cooldown !== null && { cooldown }),
  };
}

/** Without what something is not said by. */
export function given<T extends object>(parts: T): Partial<T> {
  const told = Object.entries(parts).filter(
    ([name, part]) => part !== null && part !== undefined && name !== '__typename',
  );
  return Object.fromEntries(told) as Partial<T>;
}

/** The rules of a file, or what keeps it from being one, in words. */
export function readRuleFile(text: string): readonly FiledRule[] | string {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch (error) {
    return `The file is no JSON: ${(error as Error).message}`;
  }
  if (!Array.isArray(read)) return 'The file has no list of rules.';
  const rules = read as readonly unknown[];
  const wrong = rules.findIndex((rule) => !isObject(rule));
  if (wrong >= 0) return `Rule ${wrong + 1} of the file is no object.`;
  return rules.map((rule, at) => filed(rule as Record<string, unknown>, at));
}

function filed({ id, ...input }: Record<string, unknown>, at: number): FiledRule {
  const name = typeof input['name'] === 'string' ? ` (${input['name'].slice(0, 40)})` : '';
  return {
    place: `Rule ${at + 1}${name}`,
    id: typeof id === 'string' ? id : null,
    input: input as unknown as AlertInput,
  };
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The rule that one of a file changes: that of its id, else the only one of its name. */
export function standingOf(
  { id, input }: FiledRule,
  rules: readonly AlertRuleFragment[],
): AlertRuleFragment | null {
  const byId = rules.find((rule) => rule.id === id);
  if (byId) return byId;
  const named = rules.filter(({ name }) => name === input.name);
  return named.length === 1 ? (named[0] ?? null) : null;
}

/**
 * What of a file a new rule is made of: the secrets of stored channels are in no file. What is no list
 * of channels stays, for the server to say so.
 */
export function withoutStored({ channels, ...input }: AlertInput): AlertInput {
  if (!Array.isArray(channels)) return { ...input, ...given({ channels }) };
  const own = channels.filter((channel) => !isObject(channel) || !channel.id);
  return own.length > 0 ? { ...input, channels: own } : input;
}
