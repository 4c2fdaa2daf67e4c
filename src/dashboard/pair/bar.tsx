import { useId, type ReactNode } from 'react';
import { toMakeAlert } from '../alerts/make.js';
import type { TimeRange } from '../charts/types.js';
import { RangeButtons, RangeSelect } from '../parts/course-range.js';
import { onPlainClick } from '../parts/plain-click.js';
import { FavouriteButton } from '../shell/favourites.js';
import { addressOf, show, useViewState } from '../use-view-state.js';
import { PRICES, SHAPES } from './address.js';
import { CompareChoice } from './compare.js';

/** Below that the bar keeps what is most in use, and the rest is behind its last button. */
const WIDE_PX = 720;
/** From that on there is room for the link in it, too. */
const LINK_PX = 880;

interface PairBarProps {
  readonly base: string;
  readonly quote: string;
  readonly symbols: readonly string[];
  readonly shown: TimeRange;
  readonly width: number;
}

/** What of which pair is shown: one line, at every width. */
export function PairBar({ base, quote, symbols, shown, width }: PairBarProps) {
  const id = useId();
  const isWide = width >= WIDE_PX;
  const hasLink = width >= LINK_PX;
  return (
    <div className="pair-bar" role="group" aria-label="Pair">
      <AssetChoice
        label="Base"
        value={base}
        assets={symbols}
        choose={(asset) => show({ base: asset, quote })}
      />
      <button
        type="button"
        className="icon small"
        title={`Swap: ${quote}/${base}`}
        onClick={() => show({ base: quote, quote: base })}
      >
        <span aria-hidden="true">⇄</span>
        <span className="hidden">Swap</span>
      </button>
      <AssetChoice
        label="Quote"
        value={quote}
        assets={symbols}
        choose={(asset) => show({ base, quote: asset })}
      />
      <FavouriteButton base={base} quote={quote} />
      {isWide ? <RangeButtons shown={shown} /> : <RangeSelect />}
      {isWide && <HowDrawn />}
      {hasLink && <TellMe base={base} quote={quote} />}
      <button type="button" className="icon small" popoverTarget={id} title="More">
        <span aria-hidden="true">⋯</span>
        <span className="hidden">More of the pair</span>
      </button>
      <div
        id={id}
        popover="auto"
        className="popover pair-more"
        role="dialog"
        aria-label="More of the pair"
      >
        {!isWide && <HowDrawn />}
        {!isWide && <RangeButtons shown={shown} />}
        <CompareChoice base={base} quote={quote} symbols={symbols} />
        {!hasLink && <TellMe base={base} quote={quote} />}
      </div>
    </div>
  );
}

function HowDrawn() {
  const { price, shape } = useViewState();
  return (
    <>
      <Choice
        label="Price"
        value={price}
        options={PRICES}
        choose={(next) => show({ price: next }, true)}
      />
      <Choice
        label="Drawn as"
        value={shape}
        options={SHAPES}
        choose={(next) => show({ shape: next }, true)}
      />
    </>
  );
}

function TellMe({ base, quote }: { readonly base: string; readonly quote: string }) {
  const change = toMakeAlert({ kind: 'CELL', base, quote });
  return (
    <a className="tell-me" href={addressOf(change)} onClick={onPlainClick(() => show(change))}>
      Tell me when…
    </a>
  );
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly T[];
  readonly choose: (value: T) => void;
}

function Choice<T extends string>({ label, value, options, choose }: ChoiceProps<T>): ReactNode {
  return (
    <select aria-label={label} value={value} onChange={(event) => choose(event.target.value as T)}>
      {options.map((option) => (
        <option key={option}>{option}</option>
      ))}
    </select>
  );
}

interface AssetChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly assets: readonly string[];
  readonly choose: (asset: string) => void;
}

function AssetChoice({ label, value, assets, choose }: AssetChoiceProps) {
  const options = assets.includes(value) ? assets : [value, ...assets];
  return <Choice label={label} value={value} options={options} choose={choose} />;
}
