import { GraphQLError } from 'graphql';
import { TestAlertDocument, type TestAlertQuery } from '../../generated/operations.js';
import { printJson, printLine, printTable, shortNumber } from '../output.js';
import { faultOf, readRules, type FiledRule } from '../rule-file.js';
import { openStoredApi, type RunOperation } from '../stored-api.js';
import { CommandFailure, reportingFailure, withDatabase } from '../with-database.js';

/** How many firings of a rule are shown to people. */
const SHOWN = 20;
/** Of an input that is not even one. */
const INVALID = /^Variable "\$input" got invalid value .*?(?: at "input\.(.*?)")?; (.*)$/s;

export interface AlertTestOptions {
  readonly from: string;
  readonly to: string;
  readonly json?: true;
}

type Test = NonNullable<TestAlertQuery['testAlert']>;

/** Tells what rules of a file would have fired. */
export async function alertTest(file: string, { json, ...range }: AlertTestOptions): Promise<void> {
  await reportingFailure(async () => {
    const rules = readRules(file);
    await withDatabase(async (context) => {
      const tests = await runTests(await openStoredApi(context), rules, range);
      if (json) printJson(tests);
      else for (const test of tests) print(test);
    });
  });
}

async function runTests(
  run: RunOperation,
  rules: readonly FiledRule[],
  range: Pick<AlertTestOptions, 'from' | 'to'>,
): Promise<readonly (Test & { readonly name: string })[]> {
  const tests: (Test & { readonly name: string })[] = [];
  const faults: string[] = [];
  for (const rule of rules) {
    const { input } = rule;
    try {
      const { testAlert } = await run(TestAlertDocument, { input, ...range });
      if (testAlert) tests.push({ name: input.name, ...testAlert });
    } catch (error) {
      faults.push(told(error, rule));
    }
  }
  if (faults.length > 0) throw new CommandFailure(faults);
  return tests;
}

/** What is wrong, with the file and the part of the rule where that is at fault. */
function told(error: unknown, rule: FiledRule): string {
  const { cause, message } = error as Error;
  if (!(cause instanceof GraphQLError)) throw error;
  const [, part = '', words] = INVALID.exec(message) ?? [];
  if (words !== undefined) return faultOf(rule, part, words);
  const named = cause.extensions['argument'];
  const argument = typeof named === 'string' ? named : '';
  const own = message.startsWith(`${argument}: `) ? message.slice(argument.length + 2) : message;
  if (argument === 'from' || argument === 'to') return faultOf(rule, `--${argument}`, own);
  return faultOf(rule, argument.replace(/^input\.?/, ''), own);
}

function print({ name, total, firings }: Test & { readonly name: string }): void {
  const shown = firings.slice(-SHOWN);
  const part = shown.length < total ? `, the newest ${shown.length} of them` : '';
  printLine(`${name}: ${total} ${total === 1 ? 'firing' : 'firings'}${part}`);
  if (shown.length === 0) return;
  printTable([
    ['turn', 'observed at', 'value'],
    ...shown.map(({ turn, observedAt, value }) => [
      turn,
      new Date(observedAt).toISOString(),
      shortNumber(value),
    ]),
  ]);
}
