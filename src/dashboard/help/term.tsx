import { useId, useRef, useState, type CSSProperties, type ReactNode } from 'react';
import { onPlainClick } from '../parts/plain-click.js';
import { addressOf, show } from '../use-view-state.js';
import { WORDS, type Word, type WordName } from './words.js';
import './term.css';

interface TermProps {
  readonly name: WordName;
  /** What is written; without it, the word itself. */
  readonly children?: ReactNode;
}

/** How long the pointer rests before something opens, milliseconds. */
const REST_MS = 150;
/** As wide as the tooltip gets, and as far from the edge it stays, pixels. */
const WIDEST_PX = 320;
const EDGE_PX = 8;

/** A word with a dotted line under it: what it means is a tooltip, and the help one click away. */
export function Term({ name, children }: TermProps) {
  const word: Word = WORDS[name];
  const id = useId();
  const link = useRef<HTMLAnchorElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [place, setPlace] = useState<CSSProperties | null>(null);
  const open = (): void => {
    if (link.current) setPlace(placeBeside(link.current.getBoundingClientRect()));
  };
  const close = (): void => {
    clearTimeout(timer.current);
    setPlace(null);
  };
  return (
    <span
      className="term"
      onPointerEnter={() => {
        clearTimeout(timer.current);
        timer.current = setTimeout(open, REST_MS);
      }}
      onPointerLeave={close}
    >
      <a
        ref={link}
        href={addressOf({ view: 'help', term: name })}
        aria-describedby={place ? id : undefined}
        onFocus={open}
        onBlur={close}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || !place) return;
          // It alone goes away, and not what it stands in.
          event.stopPropagation();
          close();
        }}
        onClick={onPlainClick(() => {
          close();
          show({ view: 'help', term: name });
        })}
      >
        {children ?? word.title}
      </a>
      {place && (
        <span id={id} role="tooltip" className="term-words" style={place}>
          {word.sentence}
        </span>
      )}
    </span>
  );
}

/** Below the word, or above it where there is no room; never over the edge of the window. */
function placeBeside({ left, top, bottom }: DOMRect): CSSProperties {
  const width = Math.min(WIDEST_PX, window.innerWidth - 2 * EDGE_PX);
  const start = Math.max(EDGE_PX, Math.min(left, window.innerWidth - width - EDGE_PX));
  const isLow = bottom > window.innerHeight / 2;
  return {
    left: start,
    width,
    ...(isLow ? { bottom: window.innerHeight - top } : { top: bottom }),
  };
}
