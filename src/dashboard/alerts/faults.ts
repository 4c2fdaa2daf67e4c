import type { CombinedError } from 'urql';
import { wordsOf } from '../api/client.js';

/** What the server says is wrong with a rule: by the part that is at fault, for example "line.base". */
export type Faults = ReadonlyMap<string, string>;

interface UserError {
  readonly field: readonly string[] | null;
  readonly message: string;
}

/** Of a change that was refused. */
export function faultsOf(errors: readonly UserError[]): Faults {
  return new Map(errors.map(({ field, message }) => partAndWords((field ?? []).join('.'), message)));
}

/** Of a test that was refused; of all else, the words belong to the whole. */
export function faultsOfTest(error: CombinedError | undefined): Faults {
  if (!error) return new Map();
  const [first] = error.graphQLErrors;
  const argument = first?.extensions['argument'];
  if (typeof argument !== 'string') return new Map([['', wordsOf(error)]]);
  return new Map([partAndWords(argument, wordsOf(error))]);
}

/** The words say their part as programs call it, which stands beside them anyway. */
function partAndWords(argument: string, message: string): [string, string] {
  const words = message.startsWith(`${argument}: `) ? message.slice(argument.length + 2) : message;
  return [argument.replace(/^input\.?/, ''), words];
}

/** The faults that no field of the form shows. */
export function restOf(faults: Faults, shown: readonly string[]): readonly string[] {
  const isShown = (part: string): boolean =>
    shown.some((field) => part === field || (field.endsWith('.') && part.startsWith(field)));
  return [...faults].filter(([part]) => !isShown(part)).map(([, words]) => words);
}
