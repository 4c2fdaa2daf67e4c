import { useId, useState } from 'react';
import { show, useViewState } from '../use-view-state.js';
import { comparedIn, MOST_COMPARED } from './address.js';
import { nameOf } from './contents.js';

interface CompareChoiceProps {
  readonly base: string;
  readonly quote: string;
  readonly symbols: readonly string[];
}

/** Further pairs beside the one that is shown: all are drawn in percent from where the range begins. */
export function CompareChoice({ base, quote, symbols }: CompareChoiceProps) {
  const { compare } = useViewState();
  const list = useId();
  const [fault, setFault] = useState('');
  const compared = comparedIn(compare);
  const change = (cells: typeof compared): void =>
    show({ compare: cells.map(nameOf).join() }, true);
  const add = (text: string): void => {
    const [typedBase = '', typedQuote = quote] = text
      .trim()
      .toUpperCase()
      .split(/[/\s]+/);
    const cell = { base: typedBase, quote: typedQuote };
    const unknown = [typedBase, typedQuote].filter((asset) => !symbols.includes(asset));
    if (unknown.length > 0) return setFault(`${unknown.join(' and ')}: not of the universe`);
    if (nameOf(cell) === nameOf({ base, quote })) return setFault('That is the pair itself.');
    setFault('');
    change([...compared, cell]);
  };
  return (
    <form
      className="compare"
      onSubmit={(event) => {
        event.preventDefault();
        const typed = new FormData(event.currentTarget).get('pair');
        if (typeof typed === 'string') add(typed);
        event.currentTarget.reset();
      }}
    >
      <strong>Compare</strong>
      {compared.map((cell) => (
        <button
          key={nameOf(cell)}
          type="button"
          className="small"
          title={`Without ${nameOf(cell)}`}
          onClick={() => change(compared.filter((each) => nameOf(each) !== nameOf(cell)))}
        >
          {nameOf(cell)} <span aria-hidden="true">×</span>
        </button>
      ))}
      {compared.length < MOST_COMPARED && (
        <>
          <label>
            <span className="hidden">A pair to compare with</span>
            <input name="pair" list={list} placeholder="ETH/USDT" required size={12} />
          </label>
          <datalist id={list}>
            {symbols
              .filter((asset) => asset !== base && asset !== quote)
              .map((asset) => (
                <option key={asset} value={`${asset}/${quote}`} />
              ))}
          </datalist>
          <button type="submit" className="small">
            Add
          </button>
        </>
      )}
      {fault !== '' && (
        <p className="fault" role="alert">
          {fault}
        </p>
      )}
    </form>
  );
}
