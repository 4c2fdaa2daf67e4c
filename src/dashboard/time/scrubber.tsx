import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import { useClient } from 'urql';
import { useTurn } from '../api/use-turn.js';
import { show, useViewState } from '../use-view-state.js';
import { Ask } from './ask.js';
import { findTurn, TurnSeeker, type Found } from './find-turn.js';
import { rangeOf, ZOOMS, type Zoom } from './range.js';
import { useShownMoment } from './shown-moment.js';
import { useGaps, useStoredTime, type StoredTime } from './stored-time.js';
import { Track } from './track.js';
import './time.css';

/** How long each turn is shown when they are played, milliseconds. */
const PLAY_MS = 500;
/** From so many turns back they are played where one was live. */
const PLAYED = 20;

/** Goes through the stored turns by time, and back to the newest. */
export function Scrubber() {
  const stored = useStoredTime();
  return stored && <Line stored={stored} />;
}

function Line({ stored }: { readonly stored: StoredTime }) {
  const client = useClient();
  const { track: zoom, turn: fixed } = useViewState();
  const { turn, isLive } = useTurn();
  const shown = useShownMoment();
  const { oldest, newest } = stored;
  const shownAt = !shown || shown.at === null || isLive ? null : Date.parse(shown.at);
  const range = rangeOf(stored, zoom, shownAt);
  const gaps = useGaps(stored.isKnown ? range : null);

  const goTo = (wanted: number | null): void => {
    const next = wanted === null ? newest : Math.min(newest, Math.max(oldest, wanted));
    const target = next === newest ? null : next;
    if (target !== fixed) show({ turn: target }, true);
  };
  const play = usePlay(fixed, newest, goTo);
  // Who goes on comes on, also where the last turn before the moment is the one that is looked at.
  const least = useRef(0);
  const take = useEffectEvent((found: Found) =>
    goTo(Math.max(found === 'NONE' ? oldest : found.turn, least.current)),
  );
  const seeker = useMemo(
    () =>
      new TurnSeeker(
        (at) => findTurn(client, at),
        (found) => take(found),
      ),
    [client],
  );
  const isMoving = play.isPlaying && !isLive;
  const by = (act: () => void): void => {
    play.stop();
    seeker.forget();
    act();
  };
  if (turn === null || !shown) return null;
  return (
    <section className="scrubber" aria-label="Time">
      <button
        type="button"
        className="icon"
        onClick={() => by(() => goTo(turn - 1))}
        disabled={turn <= oldest}
      >
        <span aria-hidden="true">◂</span>
        <span className="hidden">One turn back</span>
      </button>
      <button
        type="button"
        className="icon"
        aria-pressed={isMoving}
        disabled={oldest === newest}
        onClick={() => {
          if (isLive) goTo(Math.max(oldest, newest - PLAYED));
          play.set(!isMoving);
        }}
      >
        <span aria-hidden="true" className={isMoving ? 'pause-icon' : 'play-icon'} />
        <span className="hidden">{isMoving ? 'Pause' : 'Play'}</span>
      </button>
      <button
        type="button"
        className="icon"
        onClick={() => by(() => goTo(turn + 1))}
        disabled={isLive}
      >
        <span aria-hidden="true">▸</span>
        <span className="hidden">One turn on</span>
      </button>
      <Track
        range={range}
        gaps={gaps}
        shown={shown}
        isLive={isLive}
        step={(turns) => by(() => goTo(turn + turns))}
        seek={(at, wanted = 0) => {
          play.stop();
          least.current = wanted;
          seeker.seek(at);
        }}
        toOldest={() => by(() => goTo(oldest))}
        toNewest={() => by(() => goTo(null))}
        zoom={(steps) => show({ track: zoomed(zoom, steps) }, true)}
      />
      <label className="zoom">
        <span className="hidden">How much of the past the line shows</span>
        <select
          value={zoom}
          onChange={(event) => show({ track: event.target.value as Zoom }, true)}
        >
          {ZOOMS.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      </label>
      <button
        type="button"
        className="live"
        aria-pressed={isLive}
        onClick={() => by(() => show({ turn: null }))}
      >
        <span className="hidden">{isLive ? 'Following ' : 'Back to '}</span>live
      </button>
      <Ask stored={stored} go={(wanted) => by(() => goTo(wanted))} />
    </section>
  );
}

/** The next one that shows less of the past, or more. */
function zoomed(zoom: Zoom, steps: number): Zoom {
  return ZOOMS[ZOOMS.indexOf(zoom) - steps] ?? zoom;
}

/** Shows turn after turn, up to the newest. */
function usePlay(turn: number | null, newest: number, goTo: (turn: number) => void) {
  const [isPlaying, setPlaying] = useState(false);
  // How long a turn is shown does not depend on how quickly new ones come.
  const playNext = useEffectEvent(() => {
    const next = (turn ?? newest) + 1;
    if (next >= newest) setPlaying(false);
    goTo(next);
  });
  useEffect(() => {
    if (!isPlaying || turn === null) return;
    const timer = setTimeout(() => playNext(), PLAY_MS);
    return () => clearTimeout(timer);
  }, [isPlaying, turn]);
  return { isPlaying, set: setPlaying, stop: () => setPlaying(false) };
}
