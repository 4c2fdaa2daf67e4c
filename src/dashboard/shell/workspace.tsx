import {
  useId,
  useRef,
  useState,
  type CSSProperties,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
} from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { BrokenNote } from '../parts/notes.js';
import { Print } from '../help/print.js';
import { useChosenPair } from './chosen-pair.js';
import { PANE_WIDTHS, paneWidth, setPane, useIsNarrow, useLayout, type Side } from './layout.js';
import { useEscape } from './shortcuts.js';

interface WorkspaceProps {
  /** The board beside the view, or a strip above it where it is narrow. */
  readonly strength: ReactNode;
  /** What is known of the chosen pair; a sheet from below where it is narrow. */
  readonly inspector: ReactNode;
  /** The line below everything: 32 pixels. */
  readonly time: ReactNode;
  /** The view. */
  readonly children: ReactNode;
}

/** The view between two panes, over the line of time. */
export function Workspace({ strength, inspector, time, children }: WorkspaceProps) {
  const layout = useLayout();
  const isNarrow = useIsNarrow();
  const [drawn, setDrawn] = useState<Partial<Record<Side, number>>>({});
  const widthOf = (side: Side): string => {
    const { isFolded, width } = layout[side];
    return isFolded ? 'var(--rail)' : `${drawn[side] ?? width}px`;
  };
  const widths = { '--left': widthOf('left'), '--right': widthOf('right') } as CSSProperties;
  return (
    <>
      <div className="workspace" style={widths}>
        {isNarrow ? (
          <aside className="strip" aria-label="Strength" tabIndex={0}>
            <Slot>{strength}</Slot>
          </aside>
        ) : (
          <SidePane side="left" name="Strength" draw={setDrawn}>
            {strength}
          </SidePane>
        )}
        <main id="content" tabIndex={-1}>
          <Print />
          {children}
        </main>
        {isNarrow ? (
          <Sheet>{inspector}</Sheet>
        ) : (
          <SidePane side="right" name="Inspector" draw={setDrawn}>
            {inspector}
          </SidePane>
        )}
      </div>
      <footer className="time-slot">
        <Slot>{time}</Slot>
      </footer>
    </>
  );
}

/** What is in one place may break without breaking the others. */
function Slot({ children }: { readonly children: ReactNode }) {
  return <ErrorBoundary FallbackComponent={BrokenNote}>{children}</ErrorBoundary>;
}

interface SplitterProps {
  readonly side: Side;
  readonly name: string;
  /** Shows a pane as wide as one draws it. */
  readonly draw: (width: Partial<Record<Side, number>>) => void;
}

interface SidePaneProps extends SplitterProps {
  readonly children: ReactNode;
}

/** A pane that folds to a rail, and is as wide as one draws it. */
function SidePane({ side, name, draw, children }: SidePaneProps) {
  const layout = useLayout();
  const { isFolded } = layout[side];
  const id = useId();
  const arrow = (side === 'left') === isFolded ? '›' : '‹';
  return (
    <aside className={`pane ${side}`} aria-label={name}>
      <button
        type="button"
        className="fold"
        aria-expanded={!isFolded}
        aria-controls={id}
        title={isFolded ? `Show: ${name.toLowerCase()}` : `Fold: ${name.toLowerCase()}`}
        onClick={() => setPane(layout, side, { isFolded: !isFolded })}
      >
        <span aria-hidden="true">{arrow}</span>
        <span className={isFolded ? 'rail-name' : 'hidden'}>{name}</span>
      </button>
      <div id={id} className="pane-body" tabIndex={0} hidden={isFolded}>
        {!isFolded && <Slot>{children}</Slot>}
      </div>
      {!isFolded && <Splitter side={side} name={name} draw={draw} />}
    </aside>
  );
}

/** How far an arrow key draws the edge of a pane, pixels. */
const STEP = 16;

/**
 * The edge of a pane, to draw or to move by arrow keys. What is drawn is in the address once it is let
 * go: browsers ignore changes of it that come too often.
 */
function Splitter({ side, name, draw }: SplitterProps) {
  const layout = useLayout();
  const drawn = useRef<number | null>(null);
  const { width } = layout[side];
  const outwards = side === 'left' ? 1 : -1;
  const onKeyDown = (event: KeyboardEvent): void => {
    const steps = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (steps === 0) return;
    event.preventDefault();
    setPane(layout, side, { width: width + steps * outwards * STEP });
  };
  const onPointerDown = (event: PointerEvent<HTMLElement>): void => {
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>): void => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const from = side === 'left' ? event.clientX : window.innerWidth - event.clientX;
    drawn.current = paneWidth(from);
    draw({ [side]: drawn.current });
  };
  const onLetGo = (): void => {
    if (drawn.current === null) return;
    setPane(layout, side, { width: drawn.current });
    drawn.current = null;
    draw({});
  };
  return (
    <div
      className="splitter"
      role="separator"
      aria-orientation="vertical"
      aria-label={`Width: ${name.toLowerCase()}`}
      aria-valuenow={width}
      aria-valuemin={PANE_WIDTHS.least}
      aria-valuemax={PANE_WIDTHS.most}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onLostPointerCapture={onLetGo}
    />
  );
}

/** The inspector where it is narrow: its title stays at the bottom, the rest opens above it. */
function Sheet({ children }: { readonly children: ReactNode }) {
  const pair = useChosenPair();
  const name = pair && `${pair.base}/${pair.quote}`;
  const [seen, setSeen] = useState(name);
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  if (name !== seen) {
    // What was just chosen is what one wants to see.
    setSeen(name);
    setOpen(name !== null);
  }
  useEscape(isOpen, () => setOpen(false));
  return (
    <aside className="sheet" aria-label="Inspector">
      <button
        type="button"
        className="sheet-handle"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        <span aria-hidden="true">{isOpen ? '▾' : '▴'}</span> {name ?? 'No pair chosen'}
      </button>
      <div id={id} className="sheet-body" tabIndex={0} hidden={!isOpen}>
        {isOpen && <Slot>{children}</Slot>}
      </div>
    </aside>
  );
}
