import { MoversDocument } from '../../generated/operations.js';
import { useAsked } from '../api/use-asked.js';
import { useRecentTurn } from '../api/use-turn.js';
import { formatPercent } from '../format/numbers.js';
import { choosePair } from '../shell/chosen-pair.js';

const RENEWED_MS = 15_000;
/** So many to each side. */
const SHOWN = 3;

/** What rose and what fell the most in the last hour, in the quant base. */
export function Movers({ quantBase }: { readonly quantBase: string }) {
  const turn = useRecentTurn(RENEWED_MS);
  const { data } = useAsked(MoversDocument, { turn: turn ?? 0, in: quantBase }, turn === null);
  const { bases = [], values = [] } = data?.cycle?.matrix ?? {};
  const moved = bases
    .flatMap((symbol, row) => {
      const percent = values[row]?.[0] ?? null;
      return percent === null || symbol === quantBase ? [] : [{ symbol, percent }];
    })
    .toSorted((a, b) => b.percent - a.percent);
  const rose = moved.filter(({ percent }) => percent > 0).slice(0, SHOWN);
  const fell = moved.filter(({ percent }) => percent < 0).slice(-SHOWN);
  return (
    <section className="movers" aria-labelledby="movers-title">
      <h2 id="movers-title">
        Movers <span className="quiet">%, 1 h, in {quantBase}</span>
      </h2>
      {data && moved.length === 0 && <p className="quiet">Less than an hour is stored.</p>}
      {data && moved.length > 0 && rose.length + fell.length === 0 && (
        <p className="quiet">Nothing moved.</p>
      )}
      <ol className="strength">
        {[...rose, ...fell].map(({ symbol, percent }) => (
          <li key={symbol}>
            <button
              type="button"
              title={`Look at ${symbol}/${quantBase}`}
              onClick={() => choosePair({ base: symbol, quote: quantBase })}
            >
              <span className="name">{symbol}</span>
              <span className="number">{formatPercent(percent)}</span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
