import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useMutation, type CombinedError } from 'urql';
import { CreateAlertDocument, UpdateAlertDocument } from '../../generated/operations.js';
import { decimalsFor, formatNumber } from '../format/numbers.js';
import { ErrorNote } from '../parts/notes.js';
import { ChannelFields } from './channel-fields.js';
import { ConditionFields } from './condition-fields.js';
import { areChannelsAsStored, channelsOf, nameOf, ruleOf, type Draft } from './draft.js';
import { faultsOf, restOf, type Faults } from './faults.js';
import { Entry } from './fields.js';
import { LineFields } from './line-fields.js';
import type { KnownAssets } from './make.js';
import './rule-form.css';
import { TrialPart } from './trial.js';
import { useCourse, type RuleCourse, type TrialRange } from './use-course.js';
import type { Rule } from './use-rules.js';
import { useTrial } from './use-trial.js';

/** The parts of a rule whose faults stand beside their fields. */
const SHOWN = ['name', 'line.', 'condition.', 'cooldown', 'channels.'];

interface RuleFormProps {
  /** What it begins with. */
  readonly initial: Draft;
  /** The rule that is changed; null for one that is made. */
  readonly rule: Rule | null;
  readonly known: KnownAssets;
  readonly mayChange: boolean;
  /** Why it cannot be saved, in words; null where it can. */
  readonly refusal: string | null;
  readonly onSaved: (rule: Rule) => void;
  readonly onCancel: () => void;
}

/** "Tell me when…": a rule is typed, tried over what is stored, and saved. */
export function RuleForm(props: RuleFormProps) {
  const { initial, rule, known, mayChange, refusal, onCancel } = props;
  const [typed, setTyped] = useState(initial);
  const [range, setRange] = useState<TrialRange>('24h');
  const { data: course, error: courseError } = useCourse(typed.line, typed.watch, range);
  /** The level as it was when its field got the focus: none comes under the hands of whoever is about to type one. */
  const [held, setHeld] = useState<{ readonly level: string | null } | null>(null);
  const level = typed.level ?? (held ? held.level : suggestion(typed, course));
  const draft = { ...typed, level };
  const trial = useTrial(ruleOf(draft), range);
  const { save, isSaving, refused, error } = useSave(props, draft);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  // What the server refused stands until it is typed over; what the test says is of now.
  const faults: Faults = new Map([...refused.of(draft), ...trial.faults]);
  const change = (part: Partial<Draft>): void => setTyped((before) => ({ ...before, ...part }));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    // Without a number, its field says that one is wanted.
    if (ruleOf(draft) === null) change({ level: draft.level ?? '' });
    else void save();
  };

  return (
    <form className="rule-form" onSubmit={submit} noValidate aria-labelledby="rule-form-title">
      <h2 id="rule-form-title" ref={title} tabIndex={-1}>
        {rule ? `Change “${rule.name}”` : 'Tell me when…'}
      </h2>
      <div className="alert-fields">
        <LineFields
          line={draft.line}
          known={known}
          faults={faults}
          set={(line) => change({ line, level: null })}
        />
      </div>
      <div className="alert-fields">
        <ConditionFields
          draft={draft}
          faults={faults}
          change={change}
          holdLevel={(isHeld) => setHeld(isHeld ? { level } : null)}
        />
        <Entry
          label="Called"
          size={28}
          value={draft.name}
          placeholder={nameOf({ ...draft, name: '' })}
          fault={faults.get('name')}
          set={(name) => change({ name })}
        />
      </div>
      {courseError && trial.faults.size === 0 && <ErrorNote error={courseError} />}
      <TrialPart
        {...{ draft, trial, course, range, setRange }}
        setLevel={(level) => change({ level })}
      />
      <ChannelFields
        channels={draft.channels}
        faults={faults}
        set={(channels) => change({ channels })}
      />
      {restOf(faults, SHOWN).map((words) => (
        <p key={words} className="fault" role="alert">
          {words}
        </p>
      ))}
      {error && <ErrorNote error={error} />}
      <p className="rule-form-end">
        {mayChange && (
          <button type="submit" disabled={isSaving}>
            {isSaving ? 'Saving…' : 'Save'}
          </button>
        )}
        <button type="button" onClick={onCancel}>
          {mayChange ? 'Cancel' : 'Back'}
        </button>
        {refusal !== null && <span className="refusal">{refusal}</span>}
      </p>
    </form>
  );
}

/**
 * The level that a line gives by itself: its highest, its lowest, or what it is now. With the digits
 * that are shown, and beyond the values: a rule over its highest has not fired.
 */
function suggestion({ watch }: Draft, course: RuleCourse | null): string | null {
  const values = course?.values.filter((value) => value !== null) ?? [];
  const last = values.at(-1);
  if (last === undefined) return null;
  const decimals = decimalsFor(values);
  const step = 10 ** -decimals;
  const levels = {
    above: Math.ceil(Math.max(...values) / step) * step,
    below: Math.floor(Math.min(...values) / step) * step,
    crosses: last,
    moves: last,
  };
  return formatNumber(levels[watch], decimals);
}

interface Saving {
  readonly save: () => Promise<void>;
  readonly isSaving: boolean;
  /** What the server refused, as long as a draft is as it was refused. */
  readonly refused: { readonly of: (draft: Draft) => Faults };
  readonly error: CombinedError | undefined;
}

function useSave({ rule, onSaved }: RuleFormProps, draft: Draft): Saving {
  const [{ fetching: isCreating }, create] = useMutation(CreateAlertDocument);
  const [{ fetching: isUpdating }, update] = useMutation(UpdateAlertDocument);
  const [answer, setAnswer] = useState<{
    readonly of: string;
    readonly faults: Faults;
    readonly error: CombinedError | undefined;
  } | null>(null);
  const key = JSON.stringify(draft);
  const save = async (): Promise<void> => {
    const input = ruleOf(draft);
    if (!input) return;
    const channels = channelsOf(draft);
    const result = rule
      ? await update({
          id: rule.id,
          input: {
            cooldown: null,
            ...input,
            ...(!areChannelsAsStored(draft, rule) && { channels }),
          },
        }).then(({ data, error }) => ({ payload: data?.updateAlert, error }))
      : await create({ input: { ...input, ...(channels.length > 0 && { channels }) } }).then(
          ({ data, error }) => ({ payload: data?.createAlert, error }),
        );
    const { payload, error } = result;
    setAnswer({ of: key, faults: faultsOf(payload?.userErrors ?? []), error });
    if (payload?.alert) onSaved(payload.alert);
  };
  return {
    save,
    isSaving: isCreating || isUpdating,
    refused: { of: (now) => (answer?.of === JSON.stringify(now) ? answer.faults : new Map()) },
    error: answer?.of === key ? answer.error : undefined,
  };
}
