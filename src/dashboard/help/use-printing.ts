import { useSyncExternalStore } from 'react';

const paper = window.matchMedia('print');
let isBefore = false;

function subscribe(listener: () => void): () => void {
  const before = (): void => {
    isBefore = true;
    listener();
  };
  const after = (): void => {
    isBefore = false;
    listener();
  };
  paper.addEventListener('change', listener);
  window.addEventListener('beforeprint', before);
  window.addEventListener('afterprint', after);
  return () => {
    paper.removeEventListener('change', listener);
    window.removeEventListener('beforeprint', before);
    window.removeEventListener('afterprint', after);
  };
}

/** Whether the page is put on paper right now: what is for paper alone is made then, and only then. */
export function usePrinting(): boolean {
  return useSyncExternalStore(subscribe, () => isBefore || paper.matches);
}
