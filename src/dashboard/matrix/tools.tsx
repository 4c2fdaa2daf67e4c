import { useId, useState } from 'react';
import { useLive } from '../api/use-live.js';
import { show, useViewState } from '../use-view-state.js';
import { LAYOUTS, ORDERS, type Layout, type Order } from '../view-state.js';

const ORDER_WORDS: Readonly<Record<Order, string>> = {
  universe: 'as in the universe',
  strength: 'by strength',
  cluster: 'alike together',
};
const LAYOUT_WORDS: Readonly<Record<Layout, string>> = {
  table: 'Table',
  overview: 'Overview',
  list: 'List',
};

/** Where the tools leave room for the matrix. */
const ROOMY = '(width >= 700px)';

interface ToolsProps {
  readonly turn: number;
  readonly downloadJson: () => void;
  readonly downloadCsv: () => void;
}

/** What can be done with a matrix. */
export function Tools({ turn, downloadJson, downloadCsv }: ToolsProps) {
  const state = useViewState();
  const [isOpen, setOpen] = useState(() => window.matchMedia(ROOMY).matches);
  return (
    <details
      className="tool-box"
      open={isOpen}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>Tools</summary>
      <div className="tools">
        <fieldset className="choice">
          <legend>Show as</legend>
          {LAYOUTS.map((layout) => (
            <label key={layout}>
              <input
                type="radio"
                name="layout"
                checked={state.layout === layout}
                onChange={() => show({ layout })}
              />
              {LAYOUT_WORDS[layout]}
            </label>
          ))}
        </fieldset>
        <label>
          Order{' '}
          <select
            value={state.order}
            onChange={(event) => show({ order: event.target.value as Order }, true)}
          >
            {ORDERS.map((order) => (
              <option key={order} value={order}>
                {ORDER_WORDS[order]}
              </option>
            ))}
          </select>
        </label>
        <label>
          Assets{' '}
          <input
            type="search"
            value={state.filter}
            placeholder="all, or BTC ETH"
            onChange={(event) => show({ filter: event.target.value }, true)}
          />
        </label>
        <Threshold />
        <Against turn={turn} />
        <label>
          <input
            type="checkbox"
            checked={state.transposed}
            onChange={(event) => show({ transposed: event.target.checked })}
          />
          Transpose
        </label>
        <label>
          <input
            type="checkbox"
            checked={state.inverse}
            onChange={(event) => show({ inverse: event.target.checked })}
          />
          Mark the inverse pair
        </label>
        <span className="downloads">
          <button type="button" onClick={downloadJson}>
            Download JSON
          </button>
          <button type="button" onClick={downloadCsv}>
            Download CSV
          </button>
        </span>
      </div>
    </details>
  );
}

/** The least size of a value that is shown in full. */
function Threshold() {
  const { threshold } = useViewState();
  const [text, setText] = useState(threshold === null ? '' : String(threshold));
  const id = useId();
  const value = Number(text);
  const isWrong = text.trim() !== '' && !(value >= 0 && value < Infinity);
  return (
    <span className="field">
      <label htmlFor={id}>At least ±</label>{' '}
      <input
        id={id}
        className="short"
        inputMode="decimal"
        value={text}
        aria-invalid={isWrong}
        aria-describedby={isWrong ? `${id}-fault` : undefined}
        onChange={(event) => {
          setText(event.target.value);
          const next = Number(event.target.value);
          show({ threshold: next > 0 && next < Infinity ? next : null }, true);
        }}
      />
      {isWrong && (
        <span id={`${id}-fault`} className="fault">
          a number from 0 on
        </span>
      )}
    </span>
  );
}

/** The turn whose values are taken away from those that are shown. */
function Against({ turn }: { readonly turn: number }) {
  const { against } = useViewState();
  const { status } = useLive();
  const [text, setText] = useState(against === null ? '' : String(against));
  const id = useId();
  const oldest = status?.oldestTurn ?? 1;
  const value = Number(text);
  const isWrong =
    text.trim() !== '' && !(Number.isInteger(value) && value >= oldest && value <= turn);
  return (
    <span className="field">
      <label htmlFor={id}>Minus turn</label>{' '}
      <input
        id={id}
        className="short"
        inputMode="numeric"
        placeholder={turn > oldest ? `e.g. ${turn - 1}` : ''}
        value={text}
        aria-invalid={isWrong}
        aria-describedby={isWrong ? `${id}-fault` : undefined}
        onChange={(event) => {
          setText(event.target.value);
          const next = Number(event.target.value);
          const isTurn = Number.isInteger(next) && next >= oldest && next <= turn;
          show({ against: isTurn ? next : null }, true);
        }}
      />
      {isWrong && (
        <span id={`${id}-fault`} className="fault">
          a turn from {oldest} to {turn}
        </span>
      )}
    </span>
  );
}
