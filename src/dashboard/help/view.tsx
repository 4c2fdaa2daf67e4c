import { useEffect, useMemo, useState } from 'react';
import { useClient, type CombinedError } from 'urql';
import { useLive } from '../api/use-live.js';
import { useTurn } from '../api/use-turn.js';
import { formatNumber } from '../format/numbers.js';
import { formatMoment, formatZone, useZone } from '../format/moments.js';
import { ErrorNote, Waiting } from '../parts/notes.js';
import { onPlainClick } from '../parts/plain-click.js';
import { addressOf, show, useViewState } from '../use-view-state.js';
import { examplesOf } from './examples.js';
import { Figure } from './figure.js';
import { readExample, type Example } from './read-example.js';
import { SECTIONS } from './sections.js';
import { Story } from './story.js';
import { WORDS, type Word } from './words.js';
import './help.css';

/** What every figure of the page means, with the numbers of a turn as its example. */
export function HelpView() {
  const { example, isWaiting, error, again } = useExample();
  const zone = useZone();
  const examples = useMemo(() => example && examplesOf(example, zone), [example, zone]);
  useTermInView();
  return (
    <section className="help" aria-labelledby="help-title">
      <h2 id="help-title">What the figures mean</h2>
      <Contents />
      <Story />
      <ExampleChoice
        example={example}
        isWaiting={isWaiting}
        again={() => {
          show({ turn: null }, true);
          again();
        }}
      />
      {error && <ErrorNote error={error} again={again} />}
      {SECTIONS.map(({ title, names }) => (
        <div key={title}>
          <h3>{title}</h3>
          {names.map((name) => (
            <Figure key={name} name={name} example={examples?.[name] ?? null} />
          ))}
        </div>
      ))}
    </section>
  );
}

/** A link to each word. */
function Contents() {
  return (
    <nav className="contents" aria-label="Words">
      {SECTIONS.flatMap(({ names }) => names).map((name) => {
        const { title, symbol }: Word = WORDS[name];
        return (
          <a
            key={name}
            href={addressOf({ term: name })}
            onClick={onPlainClick(() => {
              show({ term: name }, true);
              showFigure(name);
            })}
          >
            {symbol ?? title}
          </a>
        );
      })}
    </nav>
  );
}

function showFigure(name: string): void {
  const figure = document.getElementById(`figure-${name}`);
  figure?.scrollIntoView({ block: 'start' });
  figure?.focus({ preventScroll: true });
}

/** Brings the word that the address names into view. */
function useTermInView(): void {
  const { term } = useViewState();
  useEffect(() => {
    if (term !== null) showFigure(term);
  }, [term]);
}

interface Reading {
  readonly example: Example | null;
  readonly isWaiting: boolean;
  readonly error: CombinedError | undefined;
  readonly again: () => void;
}

/**
 * The example of the turn that is looked at. While one follows the newest it is that of the turn that
 * was the newest when it was asked for: what one reads does not change while one reads.
 */
function useExample(): Reading {
  const client = useClient();
  const { turn: fixed, base, quote } = useViewState();
  const { turn } = useTurn();
  const [asked, setAsked] = useState<number | null>(null);
  const wanted = fixed ?? asked ?? turn;
  const [read, setRead] = useState<{ example: Example | null; error?: CombinedError } | null>(null);
  const [isWaiting, setWaiting] = useState(false);
  const [attempt, setAttempt] = useState(0);
  if (asked === null && turn !== null && fixed === null) setAsked(turn);
  useEffect(() => {
    if (wanted === null) return;
    let isWanted = true;
    setWaiting(true);
    void readExample(client, wanted, { base, quote })
      .then(
        (example) => isWanted && setRead({ example }),
        (error: CombinedError) => isWanted && setRead({ example: null, error }),
      )
      .finally(() => isWanted && setWaiting(false));
    return () => {
      isWanted = false;
    };
  }, [client, wanted, base, quote, attempt]);
  const again = (): void => {
    setAsked(null);
    setAttempt((before) => before + 1);
  };
  return { example: read?.example ?? null, isWaiting, error: read?.error, again };
}

/** Of which turn and which pair the examples are. */
function ExampleChoice({ example, isWaiting, again }: Omit<Reading, 'error'>) {
  const zone = useZone();
  const { latest } = useLive();
  if (!example) {
    if (!latest) return <p>Once there is a cycle, each figure is worked out with its numbers.</p>;
    return <Waiting is={isWaiting} label="Reading the numbers of the examples" />;
  }
  const { base, quote, cycle } = example;
  const moment = `${formatMoment(cycle.observedAt, zone)} ${formatZone(cycle.observedAt, zone)}`;
  return (
    <p className="example-choice">
      The examples are of{' '}
      <AssetChoice
        label="Base of the examples"
        value={base}
        assets={cycle.symbols.filter((asset) => asset !== quote)}
        choose={(asset) => show({ base: asset, quote }, true)}
      />{' '}
      in{' '}
      <AssetChoice
        label="Quote of the examples"
        value={quote}
        assets={cycle.symbols.filter((asset) => asset !== base)}
        choose={(asset) => show({ base, quote: asset }, true)}
      />{' '}
      at {moment} <span className="quiet">turn {formatNumber(cycle.turn, 0)}</span>{' '}
      <button type="button" className="small" disabled={isWaiting} onClick={again}>
        Take the newest turn
      </button>
    </p>
  );
}

interface AssetChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly assets: readonly string[];
  readonly choose: (asset: string) => void;
}

function AssetChoice({ label, value, assets, choose }: AssetChoiceProps) {
  return (
    <select aria-label={label} value={value} onChange={(event) => choose(event.target.value)}>
      {assets.map((asset) => (
        <option key={asset}>{asset}</option>
      ))}
    </select>
  );
}
