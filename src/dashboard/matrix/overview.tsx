import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { useThemeChanges } from '../parts/theme.js';
import { moveOf, type Position } from './grid-moves.js';
import { pairAt, type Pair } from './grid.js';
import type { PairName } from './heatmap-row.js';
import { cellAt, drawCells, drawNames, placeIn, type OverviewLook } from './overview-drawing.js';
import type { Pointed } from './pointed.js';
import { useRoom } from './use-room.js';

interface OverviewProps extends OverviewLook {
  readonly label: string;
  readonly pointed: Pointed;
  readonly chosen: PairName | null;
  readonly onChoose: (pair: Pair) => void;
  readonly onOpen: (pair: Pair) => void;
}

/** A whole matrix at one glance: colours alone, as large as the window allows. */
export function Overview(props: OverviewProps) {
  const { label, pointed, chosen, onChoose, onOpen, grid, shading, threshold } = props;
  const frame = useRef<HTMLDivElement>(null);
  const cells = useRef<HTMLCanvasElement>(null);
  const names = useRef<HTMLCanvasElement>(null);
  const room = useRoom(frame);
  const theme = useThemeChanges();
  const [at, setAt] = useState<Position | null>(null);
  const place = placeIn(grid, room, window.devicePixelRatio);
  const { width, height } = place;

  useEffect(() => {
    if (cells.current && room.width > 0)
      drawCells(cells.current, { grid, shading, threshold }, place);
    // The place follows from the grid and the room.
  }, [grid, shading, threshold, room, theme]);
  useEffect(() => {
    if (names.current && room.width > 0) drawNames(names.current, grid, place, at);
  }, [grid, room, theme, at]);

  const go = (next: Position | null): void => {
    if (next?.row === at?.row && next?.column === at?.column) return;
    setAt(next);
    const { left, top } = names.current?.getBoundingClientRect() ?? { left: 0, top: 0 };
    const { margin, cellWidth, cellHeight } = place;
    pointed.set(
      next && {
        ...pairAt(grid, next.row, next.column),
        x: left + margin + (next.column + 1) * cellWidth,
        y: top + margin + (next.row + 1) * cellHeight,
      },
    );
  };
  const pairUnder = (): Pair | null => at && pairAt(grid, at.row, at.column);
  const onPointer = (event: PointerEvent): void => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    go(cellAt(grid, place, event.clientX - left, event.clientY - top));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const target = moveOf(event.key, at ?? { row: 0, column: 0 }, grid, event.ctrlKey);
    const pair = pairUnder();
    if (target) {
      event.preventDefault();
      go({ row: Math.max(0, target.row), column: Math.max(0, target.column) });
    } else if (event.key === 'Enter' && pair) {
      const isChosen = chosen?.base === pair.base && chosen.quote === pair.quote;
      if (isChosen) onOpen(pair);
      else onChoose(pair);
    } else if (event.key === 'Escape') go(null);
  };
  return (
    <div
      ref={frame}
      className="overview"
      role="group"
      aria-label="Arrow keys point at a pair, Enter chooses it"
      tabIndex={0}
      onKeyDown={onKeyDown}
      onBlur={() => go(null)}
    >
      <canvas
        ref={cells}
        role="img"
        aria-label={`${label}, as colours. The layout "Table" has the same as numbers.`}
        style={{ width, height }}
      />
      <canvas
        ref={names}
        aria-hidden="true"
        style={{ width, height }}
        onPointerMove={onPointer}
        onPointerLeave={() => go(null)}
        onPointerUp={() => {
          const pair = pairUnder();
          if (pair) onChoose(pair);
        }}
        onDoubleClick={() => {
          const pair = pairUnder();
          if (pair) onOpen(pair);
        }}
      />
    </div>
  );
}
