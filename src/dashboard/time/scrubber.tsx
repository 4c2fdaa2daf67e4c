import { useEffect, useEffectEvent, useState } from 'react';
import { useLive } from '../api/use-live.js';
import { useTurn } from '../api/use-turn.js';
import { show, useViewState } from '../use-view-state.js';

/** How long each turn is shown when they are played, milliseconds. */
const PLAY_MS = 500;

/** Goes through the stored turns, and back to the newest. */
export function Scrubber() {
  const { latest, status } = useLive();
  const state = useViewState();
  const { turn, isLive } = useTurn();
  const [isPlaying, setPlaying] = useState(false);
  const newest = latest?.turn ?? 0;
  const oldest = Math.min(status?.oldestTurn ?? newest, newest);
  const isMoving = isPlaying && !isLive;

  // How long a turn is shown does not depend on how quickly new ones come.
  const playNext = useEffectEvent(() => {
    const next = (state.turn ?? newest) + 1;
    if (next >= newest) setPlaying(false);
    show({ turn: next >= newest ? null : next }, true);
  });
  useEffect(() => {
    if (!isMoving) return;
    const timer = setTimeout(playNext, PLAY_MS);
    return () => clearTimeout(timer);
  }, [isMoving, state.turn]);

  if (turn === null || newest === 0) return null;
  const goTo = (wanted: number): void => {
    const next = Math.min(newest, Math.max(oldest, wanted));
    show({ turn: next === newest ? null : next }, true);
  };
  const play = (): void => {
    if (isLive) show({ turn: Math.max(oldest, newest - 20) }, true);
    setPlaying(!isMoving);
  };
  return (
    <section className="scrubber" aria-label="Time">
      <button type="button" onClick={() => goTo(turn - 1)} disabled={turn <= oldest}>
        <span aria-hidden="true">‹</span>
        <span className="hidden">One turn back</span>
      </button>
      <button type="button" onClick={play} aria-pressed={isMoving} disabled={oldest === newest}>
        {isMoving ? 'Pause' : 'Play'}
      </button>
      <button type="button" onClick={() => goTo(turn + 1)} disabled={isLive}>
        <span aria-hidden="true">›</span>
        <span className="hidden">One turn on</span>
      </button>
      <input
        type="range"
        aria-label="Turn"
        aria-valuetext={`turn ${turn}${isLive ? ', the newest' : ''}`}
        min={oldest}
        max={newest}
        value={turn}
        onChange={(event) => {
          setPlaying(false);
          goTo(event.target.valueAsNumber);
        }}
      />
      <output>
        Turn <strong data-testid="turn">{turn}</strong>
        <span className="quiet"> of {newest}</span>
      </output>
      <button
        type="button"
        className="live"
        aria-pressed={isLive}
        onClick={() => {
          setPlaying(false);
          show({ turn: null });
        }}
      >
        {isLive ? 'Following live' : 'Back to live'}
      </button>
    </section>
  );
}
