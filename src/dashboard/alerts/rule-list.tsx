import { useMemo, useState } from 'react';
import { useMutation } from 'urql';
import {
  DeleteAlertDocument,
  TestAlertChannelDocument,
  UpdateAlertDocument,
} from '../../generated/operations.js';
import { wordsOf } from '../api/client.js';
import { show, useViewState } from '../use-view-state.js';
import type { Firing } from './firings.js';
import { FiringMoment } from './firing-moment.js';
import { focusTitle } from './focus-title.js';
import { Question } from './question.js';
import { useLastFirings, type Rule } from './use-rules.js';
import {
  CHANNEL_WORDS,
  conditionWords,
  lineWords,
  PROBLEM_WORDS,
  valueWords,
  type RuleChannel,
} from './words.js';

/** How many rules are shown at once. */
const PAGE = 100;

interface RuleListProps {
  readonly rules: readonly Rule[];
  readonly mayChange: boolean;
  /** Has the rules read again. */
  readonly onChange: () => void;
}

/** All rules, each with its state, its last firing and where it is told. */
export function RuleList({ rules, mayChange, onChange }: RuleListProps) {
  const [most, setMost] = useState(PAGE);
  const shown = useMemo(() => rules.slice(0, most), [rules, most]);
  const last = useLastFirings(shown);
  return (
    <>
      <ul className="rules" aria-label="Rules">
        {shown.map((rule) => (
          <RuleRow
            key={rule.id}
            rule={rule}
            last={last.get(rule.id)}
            mayChange={mayChange}
            onChange={onChange}
          />
        ))}
      </ul>
      {rules.length > shown.length && (
        <button type="button" onClick={() => setMost(most + PAGE)}>
          {rules.length - shown.length} more
        </button>
      )}
    </>
  );
}

interface RowProps extends Omit<RuleListProps, 'rules'> {
  readonly rule: Rule;
  readonly last: Firing | null | undefined;
}

function RuleRow({ rule, last, mayChange, onChange }: RowProps) {
  const { id, name, line, condition, cooldown, enabled, problem, channels } = rule;
  const { alert: edited } = useViewState();
  const [isAsked, setAsked] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const [{ fetching: isSwitching }, update] = useMutation(UpdateAlertDocument);
  const [{ fetching: isDeleting }, remove] = useMutation(DeleteAlertDocument);

  const toggle = async (): Promise<void> => {
    const { data, error } = await update({ id, input: { enabled: !enabled } });
    const [refused] = data?.updateAlert.userErrors ?? [];
    setFault(error ? wordsOf(error) : (refused?.message ?? null));
    onChange();
  };
  const deleteIt = async (): Promise<void> => {
    const { data, error } = await remove({ id });
    const [refused] = data?.deleteAlert.userErrors ?? [];
    const wrong = error ? wordsOf(error) : (refused?.message ?? null);
    setFault(wrong);
    setAsked(false);
    if (wrong === null) {
      if (edited === id) show({ alert: null }, true);
      focusTitle();
    }
    onChange();
  };

  return (
    <li className={enabled ? 'rule' : 'rule off'}>
      <div className="rule-head">
        <button
          type="button"
          role="switch"
          className="switch"
          aria-checked={enabled}
          aria-label={`Watch for ${name}`}
          disabled={!mayChange || isSwitching}
          onClick={() => void toggle()}
        >
          {enabled ? 'on' : 'off'}
        </button>
        <strong className="rule-name">{name}</strong>
        {mayChange && (
          <span className="rule-actions">
            <button type="button" onClick={() => show({ alert: id, make: null })}>
              Edit<span className="hidden"> {name}</span>
            </button>
            <button type="button" aria-expanded={isAsked} onClick={() => setAsked(true)}>
              Delete<span className="hidden"> {name}</span>
            </button>
          </span>
        )}
      </div>
      <p className="rule-words">
        {lineWords(line)} {conditionWords(condition, line)}
        {cooldown && <span className="quiet"> · {cooldown} apart</span>}
      </p>
      <p className="rule-words">
        <LastFiring firing={last} />
      </p>
      {problem && <p className="fault">It cannot be judged at present: {problem}</p>}
      {isAsked && (
        <Question
          words={`Delete “${name}”${channels.length > 0 ? ', with its channels and their secrets' : ''}? Its firings stay.`}
          yes="Delete it"
          no="Keep it"
          isBusy={isDeleting}
          onYes={() => void deleteIt()}
          onNo={() => setAsked(false)}
        />
      )}
      {fault && (
        <p className="fault" role="alert">
          {fault}
        </p>
      )}
      {channels.length > 0 && (
        <ul className="channels" aria-label={`Channels of ${name}`}>
          {channels.map((channel) => (
            <ChannelLine
              key={channel.id}
              rule={id}
              channel={channel}
              mayChange={mayChange}
              onChange={onChange}
            />
          ))}
        </ul>
      )}
    </li>
  );
}

function LastFiring({ firing }: { readonly firing: Firing | null | undefined }) {
  if (firing === undefined) return <span className="quiet">Last fired …</span>;
  if (firing === null) return <span className="quiet">Has not fired yet</span>;
  return (
    <span className="quiet">
      Last fired <FiringMoment firing={firing} />
      {firing.alert && `, at ${valueWords(firing.alert.line, firing.value)}`}
    </span>
  );
}

interface ChannelLineProps extends Omit<RuleListProps, 'rules'> {
  readonly rule: string;
  readonly channel: RuleChannel;
}

/** Where a rule is told, why it is not, and a test of it. */
function ChannelLine({ rule, channel, mayChange, onChange }: ChannelLineProps) {
  const { id, kind, name, target, enabled, problem } = channel;
  const [{ fetching }, test] = useMutation(TestAlertChannelDocument);
  const [answer, setAnswer] = useState<{ readonly isGood: boolean; readonly words: string }>();
  const send = async (): Promise<void> => {
    setAnswer(undefined);
    const { data, error } = await test({ id: rule, channel: id });
    setAnswer(answerOf(data?.testAlertChannel, error && wordsOf(error)));
    onChange();
  };
  return (
    <li>
      <span className="channel-name">{name}</span>{' '}
      <span className="quiet">
        {CHANNEL_WORDS[kind]}, {target}
      </span>
      {!enabled && <span className="badge off">off</span>}
      {mayChange && (
        <button type="button" disabled={fetching} onClick={() => void send()}>
          {fetching ? 'Sending…' : 'Send a test'}
          <span className="hidden"> to {name}</span>
        </button>
      )}
      {problem && <p className="fault">{PROBLEM_WORDS[problem]}</p>}
      <span role="status" className={answer?.isGood === false ? 'fault' : ''}>
        {answer?.words}
      </span>
    </li>
  );
}

function answerOf(
  sent:
    | {
        readonly delivered: boolean;
        readonly answer: string | null;
        readonly userErrors: readonly { readonly message: string }[];
      }
    | undefined,
  fault: string | undefined,
): { readonly isGood: boolean; readonly words: string } {
  if (!sent) return { isGood: false, words: fault ?? 'The server gave no answer.' };
  const [refused] = sent.userErrors;
  if (refused) return { isGood: false, words: refused.message };
  const words = sent.answer ? `: ${sent.answer}` : '.';
  return sent.delivered
    ? { isGood: true, words: `Delivered${words}` }
    : { isGood: false, words: `Not delivered${words}` };
}
