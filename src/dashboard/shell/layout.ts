import { useSyncExternalStore } from 'react';
import { show, useViewState } from '../use-view-state.js';

/** A pane beside the view. */
export interface Pane {
  /** Pixels, also of one that is folded: as wide it will be again. */
  readonly width: number;
  readonly isFolded: boolean;
}

export type Side = 'left' | 'right';
type Layout = Readonly<Record<Side, Pane>>;

const KEY = 'dynamics.panes';
const DEFAULT = '208,320';
/** How narrow and how wide a pane may be drawn, pixels. */
export const PANE_WIDTHS = { least: 160, most: 560 };

/** As the address says; else as this browser remembers. */
export function useLayout(): Layout {
  const { panes } = useViewState();
  return parse(panes ?? localStorage.getItem(KEY) ?? DEFAULT);
}

/** How wide a pane is that is drawn to a width, pixels. */
export function paneWidth(wanted: number): number {
  const { least, most } = PANE_WIDTHS;
  return Math.round(Math.max(least, Math.min(most, wanted)));
}

/** Changes a pane, in the address and in what this browser remembers. */
export function setPane(layout: Layout, side: Side, change: Partial<Pane>): void {
  const width = paneWidth(change.width ?? layout[side].width);
  const panes = format({ ...layout, [side]: { ...layout[side], ...change, width } });
  localStorage.setItem(KEY, panes);
  show({ panes }, true);
}

function parse(text: string): Layout {
  const [left, right] = text.split(',');
  return { left: parsePane(left), right: parsePane(right) };
}

function parsePane(text = ''): Pane {
  const [, tilde, width] = /^(~?)(\d+)$/.exec(text) ?? [];
  return { width: paneWidth(Number(width ?? 0)), isFolded: tilde === '~' };
}

function format({ left, right }: Layout): string {
  return [left, right].map(({ width, isFolded }) => `${isFolded ? '~' : ''}${width}`).join();
}

/** Where there is no room for panes side by side; shell.css has the same width. */
const narrow = window.matchMedia('(width < 900px)');

function onNarrow(listener: () => void): () => void {
  narrow.addEventListener('change', listener);
  return () => narrow.removeEventListener('change', listener);
}

/** Whether the panes are a strip above the view and a sheet from below. */
export function useIsNarrow(): boolean {
  return useSyncExternalStore(onNarrow, () => narrow.matches);
}
