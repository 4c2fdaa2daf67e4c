import {
  AlertsDocument,
  CreateAlertDocument,
  UpdateAlertDocument,
  type AlertInput,
  type AlertRuleFragment,
} from '../../generated/operations.js';
import { printJson, printLine, printTable } from '../output.js';
import { readRuleList, type FiledRule } from '../rule-file.js';
import { openStoredApi, type RunOperation } from '../stored-api.js';
import { CommandFailure, reportingFailure, withDatabase } from '../with-database.js';

export interface AlertsOptions {
  readonly json?: true;
  readonly import?: string;
}

/** Lists the rules of alerts, after it has taken over those of a file, where one is named. */
export async function alerts({ json, import: file }: AlertsOptions): Promise<void> {
  await reportingFailure(async () => {
    const filed = file === undefined ? null : readRuleList(file);
    await withDatabase(async (context) => {
      const run = await openStoredApi(context);
      const { alerts } = await run(AlertsDocument, {});
      if (alerts === null) throw new CommandFailure(['the alerts cannot be read']);
      if (filed) await importRules(run, alerts, filed);
      const rules = filed ? ((await run(AlertsDocument, {})).alerts ?? []) : alerts;
      if (json) printJson(rules.map(toFile));
      else print(rules);
    });
  });
}

/** One after another: what is wrong with one keeps none of the others. */
async function importRules(
  run: RunOperation,
  known: readonly AlertRuleFragment[],
  filed: readonly FiledRule[],
): Promise<void> {
  const faults: string[] = [];
  for (const [at, { id, input }] of filed.entries()) {
    const named = known.filter(({ name }) => name === input.name);
    const standing = known.find((rule) => rule.id === id) ?? (named.length === 1 ? named[0] : null);
    try {
      const { userErrors } = standing
        ? // What a file leaves out, a rule that is made does not have.
          (await run(UpdateAlertDocument, { id: standing.id, input: { cooldown: null, ...input } }))
            .updateAlert
        : (await run(CreateAlertDocument, { input: withoutStored(input) })).createAlert;
      faults.push(...userErrors.map(({ message }) => `rule ${at + 1}: ${message}`));
    } catch (error) {
      faults.push(`rule ${at + 1}: ${(error as Error).message}`);
    }
  }
  if (faults.length > 0) throw new CommandFailure(faults);
}

/** The secrets of channels that are stored with another rule are in no file. */
function withoutStored({ channels, ...input }: AlertInput): AlertInput {
  const given = channels?.filter(({ id }) => !id) ?? [];
  return given.length > 0 ? { ...input, channels: given } : input;
}

/** A rule as a file has it: what it is not said by is left out. */
function toFile(rule: AlertRuleFragment): object {
  const { id, name, line, condition, cooldown, enabled } = rule;
  const channels = rule.channels.map(({ id, kind, name }) => ({ id, kind, name }));
  return {
    ...{ id, name, line: given(line), condition: given(condition), enabled },
    ...(channels.length > 0 && { channels }),
    ...(cooldown !== null && { cooldown }),
  };
}

function given(parts: object): object {
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== null));
}

function print(rules: readonly AlertRuleFragment[]): void {
  if (rules.length === 0) return printLine('there are no alerts');
  printTable([
    ['name', 'version', 'line', 'condition', 'cooldown', 'enabled', 'problem', 'channels'],
    ...rules.map(({ name, version, line, condition, cooldown, enabled, problem, channels }) => [
      ...[name, String(version), wordsOf(line), wordsOf(condition), cooldown],
      ...[enabled ? 'yes' : 'no', problem, channels.map(wordsOfChannel).join('; ') || null],
    ]),
  ]);
}

function wordsOfChannel({ kind, name, target, problem }: AlertRuleFragment['channels'][0]): string {
  return `${name} (${kind}, ${target})${problem === null ? '' : ` ${problem}`}`;
}

/** What something is said by, for people: `kind CELL, base BTC, quote USDT`. */
function wordsOf(parts: object): string {
  const told = Object.entries(given(parts)).filter(([name]) => name !== '__typename');
  return told.map(([name, part]) => `${name} ${String(part)}`).join(', ');
}
