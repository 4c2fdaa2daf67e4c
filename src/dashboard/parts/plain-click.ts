import type { MouseEvent } from 'react';

/** What a click on a link does here. With a key that opens it elsewhere, it is the browser's. */
export function onPlainClick(act: () => void): (event: MouseEvent) => void {
  return (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    act();
  };
}
