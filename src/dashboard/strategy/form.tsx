import { useState, type FormEvent, type ReactNode } from 'react';
import { useMutation, type CombinedError } from 'urql';
import {
  UpdateStrategyConfigDocument,
  type StrategySettingsFragment,
  type UpdateStrategyConfigInput,
  type UpdateStrategyConfigMutation,
} from '../../generated/operations.js';
import { useLive } from '../api/use-live.js';
import { ErrorNote, Waiting } from '../parts/notes.js';
import { Choice, Entry } from './fields.js';
import { MODES, TIERS } from './settings-words.js';

type UserError = UpdateStrategyConfigMutation['updateStrategyConfig']['userErrors'][number];

/** The fields as they are typed. */
type Draft = Record<keyof UpdateStrategyConfigInput, string>;

interface FormProps {
  readonly settings: StrategySettingsFragment;
  /** What became of them where these have just been saved from here; else null. */
  readonly savedWords: string | null;
  readonly onSaved: (settings: StrategySettingsFragment) => void;
}

/** The settings to change. The server alone says what is right. */
export function SettingsForm({ settings, savedWords, onSaved }: FormProps) {
  const { latest } = useLive();
  // Only what was typed here: what somebody else changes meanwhile shows up in the other fields.
  const [typed, setTyped] = useState<Partial<Draft>>({});
  const draft: Draft = { ...draftOf(settings), ...typed };
  const [{ fetching }, update] = useMutation(UpdateStrategyConfigDocument);
  const [answer, setAnswer] = useState<{
    readonly faults: readonly UserError[];
    readonly error?: CombinedError | undefined;
  }>({ faults: [] });

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void update({ input: inputOf(draft, settings) }).then(({ data, error }) => {
      const faults = data?.updateStrategyConfig.userErrors ?? [];
      setAnswer({ faults, error });
      const saved = data?.updateStrategyConfig.strategyConfig;
      if (!saved) return;
      setTyped({});
      onSaved(saved);
    });
  };
  const faultOf = (name: string): string | undefined =>
    answer.faults
      .filter(({ field }) => field?.at(-1) === name)
      .map(({ message }) => message)
      .join(' ') || undefined;
  const general = answer.faults.filter(({ field }) => !Object.hasOwn(draft, field?.at(-1) ?? ''));
  const set = (name: keyof Draft) => (value: string) => setTyped({ ...typed, [name]: value });
  const symbols = [...new Set([...(latest?.symbols ?? []), settings.quantBase])];

  return (
    <>
      <form className="settings" onSubmit={submit} noValidate aria-labelledby="settings-title">
        <h3 id="settings-title">
          Settings <span className="quiet">version {settings.version}</span>
        </h3>
        <Choice label="Lead" fault={faultOf('mode')} value={draft.mode} set={set('mode')}>
          {options(MODES)}
        </Choice>
        <Choice label="Smoothing" fault={faultOf('tier')} value={draft.tier} set={set('tier')}>
          {options(TIERS)}
        </Choice>
        <Choice
          label="Quant base"
          fault={faultOf('quantBase')}
          value={draft.quantBase}
          set={set('quantBase')}
        >
          {symbols.map((symbol) => (
            <option key={symbol}>{symbol}</option>
          ))}
        </Choice>
        <Entry
          label="Expected imprint"
          fault={faultOf('expectedImprint')}
          value={draft.expectedImprint}
          set={set('expectedImprint')}
        />
        <Entry
          label="Expected luggage"
          fault={faultOf('expectedLuggage')}
          value={draft.expectedLuggage}
          set={set('expectedLuggage')}
        />
        {general.map(({ message }) => (
          <p key={message} className="fault" role="alert">
            {message}
          </p>
        ))}
        <p>
          <button type="submit" disabled={fetching}>
            {fetching ? 'Saving…' : 'Save'}
          </button>{' '}
          <span role="status">
            {Object.keys(typed).length === 0 && savedWords}
            {answer.faults.length > 0 && 'Not saved.'}
          </span>
        </p>
      </form>
      <Waiting is={fetching} label="Saving the settings" />
      {answer.error && <ErrorNote error={answer.error} />}
    </>
  );
}

function draftOf(settings: StrategySettingsFragment): Draft {
  const { mode, tier, quantBase, expectedImprint, expectedLuggage } = settings;
  return {
    mode,
    tier,
    quantBase,
    expectedImprint: String(expectedImprint),
    expectedLuggage: String(expectedLuggage),
  };
}

/** What differs from the settings. What is no number is sent as 0, which the server explains. */
function inputOf(draft: Draft, settings: StrategySettingsFragment): UpdateStrategyConfigInput {
  const before = draftOf(settings);
  const changed = Object.entries(draft).filter(
    ([name, value]) => value !== before[name as keyof Draft],
  );
  return Object.fromEntries(
    changed.map(([name, value]) => [
      name,
      name.startsWith('expected') ? Number(value.replace(',', '.')) || 0 : value,
    ]),
  );
}

function options(words: Readonly<Record<string, string>>): ReactNode {
  return Object.entries(words).map(([name, about]) => (
    <option key={name} value={name}>
      {name.toLowerCase()} ({about})
    </option>
  ));
}
