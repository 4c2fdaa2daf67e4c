import { useId, useState } from 'react';
import type { MatrixKind } from '../../generated/operations.js';
import { useAssets } from '../api/use-assets.js';
import { useShortcut } from '../shell/shortcuts.js';
import { show, useViewState } from '../use-view-state.js';
import { isSpan, KINDS, WINDOW_KINDS } from '../view-state.js';
import { looksBack } from '../wanted-by.js';
import { Choice } from './choice.js';
import { KIND_WORDS, spanWords, type ShownKind } from './kinds.js';

/** How far back a matrix may look at a click; null is the 24 h of the exchange. */
const LOOK_BACKS = [null, '1h', '5m', '7d'] as const;

/** Windows at a click: how long, and by which buckets. */
const WINDOWS = [
  { windowOver: '1h', windowEvery: '1m' },
  { windowOver: '24h', windowEvery: '15m' },
  { windowOver: '7d', windowEvery: '1h' },
  { windowOver: '30d', windowEvery: '6h' },
] as const;

/** The kinds of matrix, each a small button with a key. */
export function KindChoice() {
  const { kind, windowKind } = useViewState();
  for (const [index, each] of KINDS.entries()) {
    useShortcut(String(index + 1), KIND_WORDS[each].name, () => showKind(each));
  }
  return (
    <nav className="kinds segments" aria-label="Kinds of matrix">
      {KINDS.map((each, index) => (
        <KindButton
          key={each}
          kind={each}
          shortcut={String(index + 1)}
          isShown={windowKind === null && each === kind}
          act={() => showKind(each)}
        />
      ))}
    </nav>
  );
}

function showKind(kind: MatrixKind): void {
  show({ view: 'matrix', kind, windowKind: null, threshold: null });
}

/** The matrices over a window. */
export function WindowChoice({ label }: { readonly label: string }) {
  const { windowKind } = useViewState();
  return (
    <nav className="kinds segments windows" aria-label={label}>
      {WINDOW_KINDS.map((each) => (
        <KindButton
          key={each}
          kind={each}
          isShown={each === windowKind}
          act={() => show({ windowKind: each, threshold: null, against: null })}
        />
      ))}
    </nav>
  );
}

interface KindButtonProps {
  readonly kind: ShownKind;
  readonly shortcut?: string;
  readonly isShown: boolean;
  readonly act: () => void;
}

function KindButton({ kind, shortcut, isShown, act }: KindButtonProps) {
  const { symbol, name, about } = KIND_WORDS[kind];
  return (
    <button
      type="button"
      className="small"
      aria-pressed={isShown}
      title={`${name}. ${about}${shortcut === undefined ? '' : ` Key ${shortcut}.`}`}
      onClick={act}
    >
      <span aria-hidden="true">{symbol}</span>
      <span className="hidden">{name}</span>
    </button>
  );
}

/** How far back what is shown looks, or how long its window is. */
export function SpanChoice() {
  const { kind, windowKind, over } = useViewState();
  if (windowKind) return <WindowSpan />;
  const isPossible = looksBack(kind);
  const isOwn = over !== null && !LOOK_BACKS.some((each) => each === over);
  return (
    <Choice
      label="Look back"
      isDisabled={!isPossible}
      title={isPossible ? '' : `${KIND_WORDS[kind].name} does not look back`}
      options={LOOK_BACKS.map((each) => ({
        words: spanWords(each ?? '24h'),
        isChosen: isPossible && each === over,
        choose: () => show({ over: each, threshold: null }),
      }))}
      own={{
        words: isOwn ? spanWords(over) : 'own',
        isChosen: isPossible && isOwn,
        content: (close) => <OwnLookBack close={close} />,
      }}
    />
  );
}

function WindowSpan() {
  const { windowOver, windowEvery } = useViewState();
  const isPreset = WINDOWS.some(
    (each) => each.windowOver === windowOver && each.windowEvery === windowEvery,
  );
  return (
    <>
      <Choice
        label="Window"
        options={WINDOWS.map((each) => ({
          words: spanWords(each.windowOver),
          title: `${spanWords(each.windowOver)} by ${spanWords(each.windowEvery)}`,
          isChosen: each.windowOver === windowOver && each.windowEvery === windowEvery,
          choose: () => show(each),
        }))}
        own={{
          words: isPreset ? 'own' : spanWords(windowOver),
          isChosen: !isPreset,
          content: (close) => <OwnWindow close={close} />,
        }}
      />
      <PricedIn />
    </>
  );
}

/** The asset that a window's assets are priced in. */
function PricedIn() {
  const { windowIn } = useViewState();
  const known = useAssets();
  const symbols = known?.assets.map(({ symbol }) => symbol) ?? [];
  const quantBase = known?.quantBase ?? '';
  return (
    <label className="priced-in">
      in{' '}
      <select
        aria-label="Priced in"
        value={windowIn ?? quantBase}
        onChange={({ target }) =>
          show({ windowIn: target.value === quantBase ? null : target.value })
        }
      >
        {symbols.map((symbol) => (
          <option key={symbol}>{symbol}</option>
        ))}
      </select>
    </label>
  );
}

function OwnLookBack({ close }: { readonly close: () => void }) {
  const { over } = useViewState();
  const [text, setText] = useState(over ?? '');
  return (
    <SpanForm
      submit={() => {
        show({ over: text, threshold: null });
        close();
      }}
      fields={[{ label: 'Look back', text, setText, example: '90m, 3d, 2w' }]}
    />
  );
}

function OwnWindow({ close }: { readonly close: () => void }) {
  const { windowOver, windowEvery } = useViewState();
  const [over, setOver] = useState(windowOver);
  const [every, setEvery] = useState(windowEvery);
  return (
    <SpanForm
      submit={() => {
        show({ windowOver: over, windowEvery: every });
        close();
      }}
      fields={[
        { label: 'Window', text: over, setText: setOver, example: '12h' },
        { label: 'By buckets of', text: every, setText: setEvery, example: '5m' },
      ]}
    />
  );
}

interface SpanField {
  readonly label: string;
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly example: string;
}

interface SpanFormProps {
  readonly fields: readonly SpanField[];
  readonly submit: () => void;
}

/** Asks for lengths of time; the server says so where it cannot have them. */
function SpanForm({ fields, submit }: SpanFormProps) {
  const id = useId();
  const isWrong = (text: string): boolean => !isSpan(text.trim());
  const wrong = fields.filter(({ text }) => text !== '' && isWrong(text));
  return (
    <form
      className="span-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!fields.some(({ text }) => isWrong(text))) submit();
      }}
    >
      {fields.map(({ label, text, setText, example }, index) => (
        <label key={label}>
          {label}{' '}
          <input
            autoFocus={index === 0}
            className="short"
            value={text}
            placeholder={example}
            aria-invalid={text !== '' && isWrong(text)}
            aria-describedby={`${id}-about`}
            onChange={({ target }) => setText(target.value)}
          />
        </label>
      ))}
      <button type="submit">Show</button>
      <p id={`${id}-about`} className={wrong.length > 0 ? 'fault' : 'quiet'}>
        A number and s, m, h, d or w.
      </p>
    </form>
  );
}
