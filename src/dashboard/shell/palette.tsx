import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { useLive } from '../api/use-live.js';
import { show, showAddress } from '../use-view-state.js';
import { VIEWS } from '../view-state.js';
import { choosePair, type ChosenPair } from './chosen-pair.js';
import { useFavourites } from './favourites.js';
import { findEntries, findPairs, type Entry } from './palette-entries.js';
import { saveView, useSavedViews } from './saved-views.js';
import { useShortcut } from './shortcuts.js';
import { VIEW_ROWS } from './views.js';
import './palette.css';

/** The button and the key that search everything, and the dialog in which one does. */
export function Search() {
  const [isOpen, setOpen] = useState(false);
  useShortcut('/', 'Search assets, pairs and views', () => setOpen(true));
  return (
    <>
      <button type="button" className="search-button" onClick={() => setOpen(true)}>
        <kbd>/</kbd> <span className="roomy">Search</span>
        <span className="hidden">assets, pairs and views</span>
      </button>
      {isOpen && <Palette onClose={() => setOpen(false)} />}
    </>
  );
}

function Palette({ onClose }: { readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const id = useId();
  const entries = useEntries(text);
  const active = Math.min(at, entries.length - 1);

  useEffect(() => {
    // The focus goes back to where it was by itself once this closes.
    dialog.current?.showModal();
  }, []);
  useEffect(() => {
    dialog.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [active, text]);

  const take = (entry: Entry | undefined): void => {
    if (!entry) return;
    dialog.current?.close();
    entry.act();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && entries.length > 0) {
      event.preventDefault();
      setAt((active + step + entries.length) % entries.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      take(entries[active]);
    }
  };
  return (
    <dialog
      ref={dialog}
      className="palette"
      aria-label="Search"
      onClose={onClose}
      onClick={(event) => {
        if (event.target === event.currentTarget) dialog.current?.close();
      }}
    >
      <input
        role="combobox"
        aria-label="Search assets, pairs and views"
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={entries[active] && `${id}-${active}`}
        autoComplete="off"
        spellCheck={false}
        autoFocus
        placeholder="BTC, eth usdt, wallet, a saved view"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul id={id} role="listbox" aria-label="Found">
        {entries.map((entry, index) => (
          <li
            key={entry.id}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === active}
            onPointerMove={() => setAt(index)}
            onClick={() => take(entry)}
          >
            {entry.words} <span className="quiet">{entry.about}</span>
          </li>
        ))}
      </ul>
      {entries.length === 0 && <p className="quiet">Nothing is called so.</p>}
    </dialog>
  );
}

function useEntries(text: string): readonly Entry[] {
  const symbols = useLive().latest?.symbols ?? [];
  const favourites = useFavourites();
  const saved = useSavedViews();
  const isStarred = (pair: ChosenPair): boolean =>
    favourites.some(({ base, quote }) => base === pair.base && quote === pair.quote);
  const pairEntry = (pair: ChosenPair): Entry => ({
    id: `pair ${pair.base}/${pair.quote}`,
    words: `${pair.base}/${pair.quote}`,
    about: isStarred(pair) ? '★ pair' : 'pair',
    act: () => choosePair(pair),
  });
  const views = [
    ...saved.map(({ name, search }) => ({
      id: `saved ${name}`,
      words: name,
      about: 'saved view',
      act: () => showAddress(search),
    })),
    ...VIEWS.map((view) => ({
      id: `view ${view}`,
      words: VIEW_ROWS[view].words,
      about: 'view',
      act: () => show({ view }),
    })),
  ];
  if (text.trim() === '') return [...favourites.map(pairEntry), ...views];
  const assets = symbols.map((symbol) => {
    const quote = symbols.find((other) => other !== symbol) ?? symbol;
    return {
      id: `asset ${symbol}`,
      words: symbol,
      about: `asset, in ${quote}`,
      act: () => choosePair({ base: symbol, quote }),
    };
  });
  const pairs = findPairs(symbols, text);
  const starred = pairs.filter(isStarred);
  const name = text.trim();
  return [
    ...findEntries(views, text),
    ...findEntries(assets, text).slice(0, 8),
    ...[...starred, ...pairs.filter((pair) => !isStarred(pair))].map(pairEntry),
    {
      id: 'save',
      words: `Save what is looked at as “${name}”`,
      about: 'saved view',
      act: () => saveView(name),
    },
  ];
}
