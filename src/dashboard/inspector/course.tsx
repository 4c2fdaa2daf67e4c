import { PairSparklineDocument } from '../../generated/operations.js';
import { useAsked } from '../api/use-asked.js';
import { useEvery } from '../api/use-every.js';
import { useLive } from '../api/use-live.js';
import { useTurn } from '../api/use-turn.js';
import { Sparkline } from '../charts/sparkline.js';
import type { ChosenPair } from '../shell/chosen-pair.js';

const DAY_MS = 86_400_000;
const RENEWED_MS = 60_000;

/** How the rate of a pair went in the day before what is looked at. */
export function Course({ base, quote }: ChosenPair) {
  const { isLive } = useTurn();
  const { latest } = useLive();
  // While live the newest of it is what the price says: once a minute is often enough.
  const until = useEvery(RENEWED_MS, latest?.observedAt ?? null);
  const to = Date.parse(until ?? '');
  const isPaused = !isLive || Number.isNaN(to);
  const { data, of } = useAsked(
    PairSparklineDocument,
    {
      base,
      quote,
      from: new Date((isPaused ? DAY_MS : to) - DAY_MS).toISOString(),
      to: new Date((isPaused ? DAY_MS : to) + 1).toISOString(),
    },
    isPaused,
  );
  const series = data?.series;
  const values = series?.lines[0]?.values;
  const isThis = of?.base === base && of.quote === quote;
  if (isPaused || !series || !values || !isThis) {
    return <div className="course" />;
  }
  const times = series.starts.filter((start) => start !== null);
  return (
    <div className="course">
      <Sparkline
        label={`${base}/${quote} over the last 24 h`}
        values={values}
        times={times}
        width={280}
        height={48}
      />
    </div>
  );
}
