import { useId, useRef, useState, type FormEvent, type KeyboardEvent } from 'react';
import { CombinedError, useClient } from 'urql';
import { wordsOf } from '../api/client.js';
import { formatNumber } from '../format/numbers.js';
import { formatMoment, useZone } from '../format/moments.js';
import { useShortcut } from '../shell/shortcuts.js';
import { findTurn } from './find-turn.js';
import type { StoredTime } from './stored-time.js';
import { readWanted } from './wanted.js';

interface AskProps {
  readonly stored: StoredTime;
  /** Goes to a turn; null follows the newest. */
  readonly go: (turn: number | null) => void;
}

/** How much earlier the turn that was found may be without a word about it, milliseconds. */
const NEAR_MS = 60_000;

/** Where one types a time or a turn. */
export function Ask({ stored, go }: AskProps) {
  const client = useClient();
  const zone = useZone();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const before = useRef<HTMLElement | null>(null);
  const asked = useRef(0);
  const [text, setText] = useState('');
  const [said, setSaid] = useState<{ fault: boolean; words: string } | null>(null);
  useShortcut('t', 'Type a time or a turn', () => input.current?.focus());

  const fault = (words: string): void => setSaid({ fault: true, words });
  const arrive = (turn: number | null, words: string | null): void => {
    go(turn);
    setText('');
    setSaid(words === null ? null : { fault: false, words });
    leave();
  };
  /** Back to where one came from. */
  const leave = (): void => {
    if (before.current?.isConnected) before.current.focus();
    else input.current?.blur();
  };
  const moment = (at: number): string => formatMoment(at, zone);

  const lookFor = async (at: number): Promise<void> => {
    if (at > stored.to) return fault(`The newest turn is of ${moment(stored.to)}, before that.`);
    if (at < stored.from) return fault(`Nothing is stored from before ${moment(stored.from)}.`);
    const of = ++asked.current;
    try {
      const found = await findTurn(client, at);
      // Something else was typed since, or it was given up.
      if (asked.current !== of) return;
      if (found === 'NONE') return fault(`Nothing is stored from before ${moment(at)}.`);
      const isNear = at - Date.parse(found.at) <= NEAR_MS;
      arrive(
        found.turn,
        isNear ? null : `The last turn before that is of ${formatMoment(found.at, zone)}.`,
      );
    } catch (error) {
      if (asked.current === of)
        fault(error instanceof CombinedError ? wordsOf(error) : String(error));
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const wanted = readWanted(text, { zone, now: stored.to });
    switch (wanted.kind) {
      case 'live':
        return arrive(null, null);
      case 'moment':
        return void lookFor(wanted.at);
      case 'fault':
        return fault(wanted.message);
      case 'turn': {
        const { oldest, newest } = stored;
        const { turn } = wanted;
        if (turn >= oldest && turn <= newest) return arrive(turn, null);
        const [first, last] = [formatNumber(oldest, 0), formatNumber(newest, 0)];
        return fault(`Turn ${formatNumber(turn, 0)} is not stored: ${first} to ${last} are.`);
      }
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    asked.current++;
    setText('');
    setSaid(null);
    leave();
  };
  return (
    <form className="ask" role="search" aria-label="Time or turn" onSubmit={submit}>
      <input
        ref={input}
        type="text"
        autoComplete="off"
        spellCheck={false}
        enterKeyHint="go"
        placeholder="time or turn"
        aria-label="Type a time or a turn"
        aria-keyshortcuts="t"
        aria-invalid={said?.fault === true}
        aria-describedby={said ? id : undefined}
        value={text}
        onFocus={({ relatedTarget }) => {
          before.current = relatedTarget instanceof HTMLElement ? relatedTarget : null;
        }}
        onBlur={() => said?.fault === true && text === '' && setSaid(null)}
        onChange={(event) => {
          asked.current++;
          setText(event.target.value);
          setSaid(null);
        }}
        onKeyDown={onKeyDown}
      />
      {said && (
        <p
          id={id}
          className={said.fault ? 'said fault' : 'said'}
          role={said.fault ? 'alert' : 'status'}
        >
          {said.words}
        </p>
      )}
    </form>
  );
}
