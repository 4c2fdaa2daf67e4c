import { useEffect, useState } from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { UnseenCount } from '../alerts/unseen-count.js';
import { Warnings } from '../help/warnings.js';
import { Clock } from '../time/clock.js';
import { show, useViewState } from '../use-view-state.js';
import { VIEWS } from '../view-state.js';
import { ConnectionState, ExchangeWords, useExchange } from './connection.js';
import { Search } from './palette.js';
import { SETTINGS_ID } from './settings.js';
import { useEscape, useShortcut } from './shortcuts.js';
import { ViewLink } from './view-link.js';
import { VIEW_ROWS } from './views.js';

/** The one line above everything. In a replay and a simulation its colour is theirs. */
export function TopLine() {
  const exchange = useExchange();
  const { view } = useViewState();
  useShortcut('?', 'Help', () => show({ view: 'help' }));
  useShortcut('Escape', 'Back to the matrices', () => {
    if (view !== 'matrix') show({ view: 'matrix' });
  });
  return (
    <header className={`top-line ${exchange?.toLowerCase() ?? ''}`}>
      <h1>Dynamics</h1>
      <Views />
      <ExchangeWords />
      <ErrorBoundary fallback={null}>
        <Clock />
      </ErrorBoundary>
      <ConnectionState />
      <Warnings />
      <Search />
      <button type="button" className="icon" popoverTarget={SETTINGS_ID} title="Settings">
        <span aria-hidden="true">⚙</span>
        <span className="hidden">Settings</span>
      </button>
      <ViewLink to="help" className="icon-link" title="Help">
        <span aria-hidden="true">?</span>
        <span className="hidden">Help</span>
      </ViewLink>
    </header>
  );
}

/** Links to all views; a menu of them where they do not fit. */
function Views() {
  const { view } = useViewState();
  const [isOpen, setOpen] = useState(false);
  const [seen, setSeen] = useState(view);
  if (view !== seen) {
    setSeen(view);
    setOpen(false);
  }
  useEscape(isOpen, () => setOpen(false));
  useEffect(() => {
    if (!isOpen) return;
    const onPointer = (event: PointerEvent): void => {
      if (!(event.target as Element).closest('.views, .views-button')) setOpen(false);
    };
    window.addEventListener('pointerdown', onPointer);
    return () => window.removeEventListener('pointerdown', onPointer);
  }, [isOpen]);
  return (
    <>
      <button
        type="button"
        className="views-button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        {VIEW_ROWS[view].words} <span aria-hidden="true">▾</span>
      </button>
      <nav className={`views ${isOpen ? 'open' : ''}`} aria-label="Views">
        {VIEWS.map((each) => (
          <ViewLink key={each} to={each}>
            {VIEW_ROWS[each].words}
            {each === 'alerts' && <UnseenCount />}
          </ViewLink>
        ))}
      </nav>
    </>
  );
}
