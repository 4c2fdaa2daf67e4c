import { useRef, useState } from 'react';
import { useClient, type Client } from 'urql';
import { CreateAlertDocument, UpdateAlertDocument } from '../../generated/operations.js';
import { wordsOf } from '../api/client.js';
import { download } from '../download.js';
import { BarMenu } from './bar-menu.js';
import {
  readRuleFile,
  standingOf,
  toRuleFile,
  withoutStored,
  type FiledRule,
} from './rule-file.js';
import type { Rule } from './use-rules.js';

interface RuleFilesProps {
  /** Null before they are known. */
  readonly rules: readonly Rule[] | null;
  readonly mayChange: boolean;
  readonly onChange: () => void;
}

/** The rules as a file, out and in, as the command line has them. */
export function RuleFiles({ rules, mayChange, onChange }: RuleFilesProps) {
  const client = useClient();
  const picker = useRef<HTMLInputElement>(null);
  const [isBusy, setBusy] = useState(false);
  const [said, setSaid] = useState<readonly string[]>([]);
  const take = async (file: File | undefined): Promise<void> => {
    if (!file || !rules) return;
    setBusy(true);
    try {
      const filed = readRuleFile(await file.text());
      setSaid(typeof filed === 'string' ? [filed] : await importRules(client, rules, filed));
    } catch (error) {
      // A file that was removed or changed since it was chosen.
      setSaid([`The file cannot be read: ${(error as Error).message}`]);
    }
    setBusy(false);
    onChange();
  };
  return (
    <BarMenu label="File">
      <p>
        All rules as JSON, the same as <code>dynamics alerts --json</code> writes. Secrets of
        channels are never in it.
      </p>
      <p>
        <button
          type="button"
          disabled={!rules || rules.length === 0}
          onClick={() => download('alerts.json', 'application/json', toRuleFile(rules ?? []))}
        >
          Save as a file
        </button>{' '}
        {mayChange && (
          <>
            <button
              type="button"
              disabled={isBusy || !rules}
              onClick={() => picker.current?.click()}
            >
              {isBusy ? 'Taking…' : 'Take from a file'}
            </button>
            <input
              ref={picker}
              type="file"
              accept=".json,application/json"
              aria-label="File of rules"
              hidden
              onChange={(event) => {
                void take(event.target.files?.[0]);
                event.target.value = '';
              }}
            />
          </>
        )}
      </p>
      {mayChange && (
        <p className="quiet">
          A rule of the file changes the one with its id, else the only one with its name, and is
          made where there is none. Rules that the file does not have stay.
        </p>
      )}
      <div role="status">
        {said.map((words) => (
          <p key={words}>{words}</p>
        ))}
      </div>
    </BarMenu>
  );
}

/** One after another: what is wrong with one keeps none of the others. */
async function importRules(
  client: Client,
  rules: readonly Rule[],
  filed: readonly FiledRule[],
): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const each of filed) {
    const fault = await importRule(client, standingOf(each, rules), each);
    if (fault !== null) faults.push(`${each.place}: ${fault}`);
  }
  const taken = filed.length - faults.length;
  return [`${taken} of ${filed.length} rules were taken.`, ...faults];
}

/** @returns what is wrong with it, in words */
async function importRule(
  client: Client,
  standing: Rule | null,
  { input }: FiledRule,
): Promise<string | null> {
  const { error, payload } = standing
    ? // What a file leaves out, a rule that is made does not have.
      await client
        .mutation(UpdateAlertDocument, { id: standing.id, input: { cooldown: null, ...input } })
        .then(({ data, error }) => ({ error, payload: data?.updateAlert }))
    : await client
        .mutation(CreateAlertDocument, { input: withoutStored(input) })
        .then(({ data, error }) => ({ error, payload: data?.createAlert }));
  if (error) return wordsOf(error);
  return payload?.userErrors[0]?.message ?? null;
}
