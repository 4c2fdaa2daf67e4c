import { useSyncExternalStore } from 'react';
import { formatViewState, parseViewState, type ViewState } from './view-state.js';

const listeners = new Set<() => void>();
let known: { readonly search: string; readonly state: ViewState } | null = null;

function current(): ViewState {
  const { search } = window.location;
  if (known?.search !== search) known = { search, state: parseViewState(search) };
  return known.state;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('popstate', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('popstate', listener);
  };
}

/**
 * Changes what is looked at.
 * @param keepsPlace replaces the present entry of the browser's history, as for a slider
 */
export function show(change: Partial<ViewState>, keepsPlace = false): void {
  const address = window.location.pathname + formatViewState({ ...current(), ...change });
  if (keepsPlace) window.history.replaceState(null, '', address);
  else window.history.pushState(null, '', address);
  tell();
}

/** Shows what the query of an address says, and what is not said there as it is by default. */
export function showAddress(search: string): void {
  const address = window.location.pathname + formatViewState(parseViewState(search));
  window.history.pushState(null, '', address);
  tell();
}

function tell(): void {
  for (const listener of listeners) listener();
}

/** The address of what a change would show, for a link. */
export function addressOf(change: Partial<ViewState>): string {
  return window.location.pathname + formatViewState({ ...current(), ...change });
}

export function useViewState(): ViewState {
  return useSyncExternalStore(subscribe, current);
}
