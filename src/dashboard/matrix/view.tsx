import { useEffect, useMemo } from 'react';
import { useWanted } from '../api/use-live.js';
import { useTurn } from '../api/use-turn.js';
import { formatMoment, formatMomentNear, useZone, type Zone } from '../format/moments.js';
import { EmptyNote, ErrorNote, Waiting } from '../parts/notes.js';
import { show, useViewState } from '../use-view-state.js';
import { overOf, sourceOf } from '../wanted-by.js';
import { MatrixBar } from './bar.js';
import { Matrix } from './matrix.js';
import './matrix.css';
import { leaves } from './return.js';
import { useDownload } from './use-download.js';
import { useListed } from './use-listed.js';
import { useLook } from './use-look.js';
import { useShown, type ShownCycle } from './use-shown.js';
import { useTable } from './use-table.js';

/** One of the matrices of a turn, or of a window before it, with what there is to look at it. */
export function MatrixView() {
  const state = useViewState();
  const { against, windowKind } = state;
  const { turn, isLive } = useTurn();
  const source = useMemo(() => sourceOf(state), [state]);
  useWanted('matrix', isLive ? source.matrix : null);
  useWanted('window', isLive ? source.window : null);
  useEffect(() => leaves, []);
  // What two turns have in common leaves little of the digits that are shown of each.
  const isExact = against !== null && windowKind === null;
  const asked = useShown(turn, source, isExact);
  const other = useShown(isExact ? against : null, source, isExact);
  const minus = isExact && other.data?.turn === against ? other.data : null;
  const cycle = asked.data;
  const table = useTable(cycle?.table ?? null, minus?.table ?? null);
  const kind = cycle?.table.kind ?? state.kind;
  const look = useLook(kind, overOf(source), table?.grid ?? null, minus !== null);
  const listed = useListed();
  const { arranged = null } = table ?? {};
  const zone = useZone();
  const download = useDownload({ cycle, source, against: minus, arranged, listed });
  const isMissing = !cycle && !asked.isWaiting && !asked.error && turn !== null;
  return (
    <section className="matrix-view" aria-labelledby="matrix-title">
      <MatrixBar
        turn={turn}
        source={source}
        shown={minus && cycle ? differenceWords(cycle, minus, zone) : null}
        shading={look?.shading ?? null}
        download={download}
      />
      {asked.error && <ErrorNote error={asked.error} again={asked.again} />}
      {other.error && <ErrorNote error={other.error} again={other.again} />}
      {download.error && <ErrorNote error={download.error} />}
      <Waiting is={asked.isWaiting && !cycle} label="Loading the matrix" />
      {cycle && table && look && (
        <Matrix
          cycle={cycle}
          source={source}
          against={minus?.turn ?? null}
          grid={table.grid}
          look={look}
          listed={listed}
        />
      )}
      {isMissing && (
        <EmptyNote title={`Turn ${turn} is not stored`}>
          <button type="button" onClick={() => show({ turn: null })}>
            Go to the newest
          </button>
        </EmptyNote>
      )}
    </section>
  );
}

function differenceWords(cycle: ShownCycle, minus: ShownCycle, zone: Zone): string {
  const earlier = formatMomentNear(minus.observedAt, cycle.observedAt, zone);
  const at = formatMoment(cycle.observedAt, zone);
  return `${at} (turn ${cycle.turn}) minus ${earlier} (turn ${minus.turn}).`;
}
