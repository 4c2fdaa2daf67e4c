import { readFileSync } from 'node:fs';
import type { AlertInput } from '../generated/operations.js';
import { CommandFailure } from './with-database.js';

/** A rule as a file says it; whether it is one is for the API to say. */
export interface FiledRule {
  /** Where it stands in the file, for people. */
  readonly place: string;
  /** Of the rule that was written to the file; null where it says none. */
  readonly id: string | null;
  readonly input: AlertInput;
}

/**
 * The rules of a JSON file: one, or a list of them.
 * @throws {CommandFailure} that says where in the file there is none
 */
export function readRules(file: string): readonly FiledRule[] {
  const read = parse(file, textOf(file));
  if (!Array.isArray(read)) return checked([filed(read, file)]);
  if (read.length === 0) throw new CommandFailure([`${file}: expected a rule, or a list of them`]);
  return checked(listed(read, file));
}

/**
 * The rules of a JSON file that has a list of them, which may be empty.
 * @throws {CommandFailure} that says where in the file there is none
 */
export function readRuleList(file: string): readonly FiledRule[] {
  const read = parse(file, textOf(file));
  if (!Array.isArray(read)) throw new CommandFailure([`${file}: expected a list of rules`]);
  return checked(listed(read, file));
}

function listed(rules: readonly unknown[], file: string): FiledRule[] {
  return rules.map((rule, at) => filed(rule, `${file}: rule ${at + 1}${nameOf(rule)}`));
}

function filed(rule: unknown, place: string): FiledRule {
  return { place, id: idOf(rule), input: inputOf(rule) as AlertInput };
}

function checked(rules: readonly FiledRule[]): readonly FiledRule[] {
  const faults = rules.filter(({ input }) => !isObject(input));
  if (faults.length === 0) return rules;
  throw new CommandFailure(faults.map(({ place }) => `${place}: expected an object`));
}

/** A fault as it is told: which file and rule, and which of its parts. */
export function faultOf(rule: FiledRule, part: string, words: string): string {
  return part === '' ? `${rule.place}: ${words}` : `${rule.place}, ${part}: ${words}`;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CommandFailure([`${file}: cannot be read: ${(error as Error).message}`]);
  }
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const place = firstWrong(text);
    const before = text.slice(0, place).split('\n');
    const column = (before.at(-1) ?? '').length + 1;
    const found = place < text.length ? `unexpected ${text.charAt(place)}` : 'it ends too early';
    throw new CommandFailure([`${file}:${before.length}:${column}: is no JSON: ${found}`]);
  }
}

/** Where a text stops being one that JSON may begin with: V8 does not always say. */
function firstWrong(text: string): number {
  let [right, wrong] = [0, text.length + 1];
  while (wrong - right > 1) {
    const middle = (right + wrong) >>> 1;
    if (mayBegin(text.slice(0, middle))) right = middle;
    else wrong = middle;
  }
  return right;
}

/** Whether nothing is wrong with a text but, perhaps, that it ends there. */
function mayBegin(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const { message } = error as Error;
    if (/end of JSON|Unterminated/.test(message)) return true;
    return / at position (\d+)/.exec(message)?.[1] === String(text.length);
  }
}

function idOf(rule: unknown): string | null {
  const id = isObject(rule) ? rule['id'] : null;
  return typeof id === 'string' ? id : null;
}

function inputOf(rule: unknown): unknown {
  if (!isObject(rule)) return rule;
  return Object.fromEntries(Object.entries(rule).filter(([field]) => field !== 'id'));
}

function nameOf(rule: unknown): string {
  const name = isObject(rule) ? rule['name'] : null;
  return typeof name === 'string' ? ` (${name.slice(0, 40)})` : '';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
