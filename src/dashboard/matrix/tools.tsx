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

interface ToolsProps {
  readonly turn: number | null;
  readonly downloadJson: () => void;
  readonly downloadCsv: () => void;
}

/** What can be done with a matrix, beside what the bar has. */
export function Tools({ turn, downloadJson, downloadCsv }: ToolsProps) {
  const state = useViewState();
  return (
    <div className="matrix-tools">
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
          onChange={(event) =>
            show({ order: event.target.value as Order, rowsBy: null, columnsBy: null }, true)
          }
        >
          {ORDERS.map((order) => (
            <option key={order} value={order}>
              {ORDER_WORDS[order]}
            </option>
          ))}
        </select>
      </label>
      <Threshold />
      {state.windowKind === null && <Against turn={turn} />}
      <label>
        <input
          type="checkbox"
          checked={state.transposed}
          onChange={(event) =>
            show({
              transposed: event.target.checked,
              rowsBy: state.columnsBy,
              columnsBy: state.rowsBy,
            })
          }
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
function Against({ turn }: { readonly turn: number | null }) {
  const { against } = useViewState();
  const { status } = useLive();
  const [text, setText] = useState(against === null ? '' : String(against));
  const id = useId();
  const oldest = status?.oldestTurn ?? 1;
  const latest = turn ?? oldest;
  const value = Number(text);
  const isWrong =
    text.trim() !== '' && !(Number.isInteger(value) && value >= oldest && value <= latest);
  return (
    <span className="field">
      <label htmlFor={id}>Minus turn</label>{' '}
      <input
        id={id}
        className="short"
        inputMode="numeric"
        placeholder={latest > oldest ? `e.g. ${latest - 1}` : ''}
        value={text}
        aria-invalid={isWrong}
        aria-describedby={isWrong ? `${id}-fault` : undefined}
        onChange={(event) => {
          setText(event.target.value);
          const next = Number(event.target.value);
          const isTurn = Number.isInteger(next) && next >= oldest && next <= latest;
          show({ against: isTurn ? next : null }, true);
        }}
      />
      {isWrong && (
        <span id={`${id}-fault`} className="fault">
          a turn from {oldest} to {latest}
        </span>
      )}
    </span>
  );
}
