import { useEffect, useEffectEvent, useSyncExternalStore } from 'react';

/** A key that does something wherever one is, unless one is typing. */
interface Shortcut {
  /** As KeyboardEvent.key has it. */
  readonly key: string;
  /** What it does, for people. */
  readonly words: string;
  readonly act: () => void;
}

const shortcuts = new Set<Shortcut>();

const KEY = 'dynamics.shortcuts';
const listeners = new Set<() => void>();

function areOn(): boolean {
  return localStorage.getItem(KEY) !== 'off';
}

/** Turns all of them on or off: who speaks to a machine does not want each letter to do something. */
export function setShortcutsOn(on: boolean): void {
  if (on) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, 'off');
  for (const listener of listeners) listener();
}

export function useAreShortcutsOn(): boolean {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, areOn);
}

/** @returns what takes the key back */
function registerShortcut(key: string, words: string, act: () => void): () => void {
  const shortcut = { key, words, act };
  if (shortcuts.size === 0) window.addEventListener('keydown', onKeyDown);
  shortcuts.add(shortcut);
  return () => {
    shortcuts.delete(shortcut);
    if (shortcuts.size === 0) window.removeEventListener('keydown', onKeyDown);
  };
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if ((!areOn() && event.key.length === 1) || isTyping(event.target)) return;
  // What lies over the page closes by itself.
  if (event.key === 'Escape' && document.querySelector(':popover-open')) return;
  // Of two with the same key, that of what came into the page last.
  const shortcut = [...shortcuts].findLast(({ key }) => key === event.key);
  if (!shortcut) return;
  event.preventDefault();
  shortcut.act();
}

/** Whether a key goes into a text, or into something that keys choose from. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('dialog')) return true;
  return (
    target.isContentEditable ||
    target.matches('input:not([type=checkbox], [type=radio], [type=range]), textarea, select')
  );
}

/** Gives a key a meaning for as long as the component is in the page. */
export function useShortcut(key: string, words: string, act: () => void): void {
  const now = useEffectEvent(act);
  useEffect(() => registerShortcut(key, words, () => now()), [key, words]);
}

/** Has Escape close what is open, before any shortcut of the page has it. */
export function useEscape(isOpen: boolean, close: () => void): void {
  const now = useEffectEvent(close);
  useEffect(() => {
    if (!isOpen) return;
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      now();
    };
    window.addEventListener('keydown', onKey, true);
    return () => window.removeEventListener('keydown', onKey, true);
  }, [isOpen]);
}
