import type { CombinedError } from 'urql';

/** What the server says is wrong with a rule: by the part that is at fault, for example "line.base". */
export type Faults = ReadonlyMap<string, string>;

interface UserError {
  readonly field: readonly string[] | null;
  readonly message: string;
}

/** Of a change that was refused. */
export function faultsOf(errors: readonly UserError[]): Faults {
  return new Map(
    errors.map(({ field, message }) => partAndWords((field ?? []).join('.'), message)),
  );
}

/** Of a test that was refused: an error that names no part is of the whole. */
export function faultsOfTest({ graphQLErrors: [first] }: CombinedError, words: string): Faults {
  const argument = first?.extensions['argument'];
  return new Map([typeof argument === 'string' ? partAndWords(argument, words) : ['', words]]);
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
