import type { CSSProperties } from 'react';
import { CycleStrategyDocument, type CycleStrategyQuery } from '../../generated/operations.js';
import { useAsked } from '../api/use-cycle.js';
import { useTurn } from '../api/use-turn.js';
import { EmptyNote, ErrorNote, Waiting } from '../parts/notes.js';
import { StrategyForm } from './form.js';
import './strategy.css';

type StrategyCycle = NonNullable<CycleStrategyQuery['cycle']>;

const ratio = new Intl.NumberFormat('en', { minimumFractionDigits: 4, maximumFractionDigits: 4 });
const signed = new Intl.NumberFormat('en', {
  signDisplay: 'exceptZero',
  minimumFractionDigits: 3,
  maximumFractionDigits: 3,
});

/** The strategy's figures of a turn, and its settings. */
export function StrategyView() {
  const { turn, isLive } = useTurn();
  const { data, isWaiting, error, again } = useAsked(
    CycleStrategyDocument,
    { turn: turn ?? 0 },
    turn === null,
  );
  const cycle = data?.cycle;
  return (
    <section aria-labelledby="strategy-title">
      <h2 id="strategy-title">Strategy</h2>
      <Waiting is={isWaiting && !cycle} label="Loading the strategy figures" />
      {error && <ErrorNote error={error} again={again} />}
      {data && !cycle && turn !== null && <EmptyNote title={`Turn ${turn} is not stored`} />}
      <div className="columns">
        <div>
          {cycle && <Figures cycle={cycle} />}
          {cycle && <Ranking cycle={cycle} />}
        </div>
        <StrategyForm running={isLive ? (cycle?.config.version ?? null) : null} />
      </div>
    </section>
  );
}

function Figures({ cycle: { aux, config } }: { readonly cycle: StrategyCycle }) {
  const since = aux.leadSince === null ? '' : `since turn ${aux.leadSince}`;
  return (
    <dl className="figures">
      <Figure name="Lead" value={aux.leadQuant} about={since} />
      <Figure name="Quant" value={number(aux.quant, signed)} about="of the lead, −1 to +1" />
      <Figure name="Shift" value={number(aux.shift, signed)} about="of its quant in this turn" />
      <Figure name="Growth" value={number(aux.grt, signed)} unit="%" about="of the wallet, grt" />
      <Reached
        name="Imprint"
        value={aux.imprint}
        expected={config.expectedImprint}
        isReached={aux.imprintReached}
      />
      <Reached
        name="Luggage"
        value={aux.luggage}
        expected={config.expectedLuggage}
        isReached={aux.luggageReached}
      />
    </dl>
  );
}

function number(value: number | null, format: Intl.NumberFormat): string | null {
  return value === null ? null : format.format(value);
}

function Figure({
  name,
  value,
  unit = '',
  about,
}: {
  readonly name: string;
  readonly value: string | null;
  readonly unit?: string;
  readonly about: string;
}) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <span className="big">{value === null ? '–' : `${value} ${unit}`}</span>
        <span className="quiet">{value === null ? 'no value yet' : about}</span>
      </dd>
    </div>
  );
}

/** A figure against what the settings wait for. */
function Reached({
  name,
  value,
  expected,
  isReached,
}: {
  readonly name: string;
  readonly value: number | null;
  readonly expected: number;
  readonly isReached: boolean | null;
}) {
  const words = isReached ? 'reached' : 'not yet reached';
  return (
    <Figure
      name={name}
      value={number(value, ratio)}
      about={`${words}: waits for ${ratio.format(expected)}`}
    />
  );
}

/** The assets from the largest quant to the smallest. */
function Ranking({ cycle: { assets, aux } }: { readonly cycle: StrategyCycle }) {
  const ranked = assets.toSorted((a, b) => (b.quant ?? -Infinity) - (a.quant ?? -Infinity));
  const strongest = Math.max(...assets.map(({ strength }) => Math.abs(strength ?? 0)), 1e-9);
  return (
    <div className="scroller" tabIndex={0} role="region" aria-label="Assets by quant">
      <table className="ranking">
        <thead>
          <tr>
            <th scope="col" className="number">
              Rank
            </th>
            <th scope="col">Asset</th>
            <th scope="col" className="number">
              Quant
            </th>
            <th scope="col" className="number">
              Strength, %
            </th>
          </tr>
        </thead>
        <tbody>
          {ranked.map(({ symbol, quant, strength }, index) => (
            <tr key={symbol} className={symbol === aux.leadQuant ? 'lead' : ''}>
              <td className="number">{index + 1}</td>
              <th scope="row">
                {symbol}
                {symbol === aux.leadQuant && <span className="badge">lead</span>}
              </th>
              <td className="number">
                <Bar share={quant} />
                <span className="figure-text">{number(quant, signed) ?? '–'}</span>
              </td>
              <td className="number">
                <Bar share={strength === null ? null : strength / strongest} />
                <span className="figure-text">{number(strength, signed) ?? '–'}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A number between -1 and 1 as a bar to one side of the middle. */
function Bar({ share }: { readonly share: number | null }) {
  if (share === null) return null;
  const side = share < 0 ? 'negative' : 'positive';
  return (
    <span
      className={`bar ${side}`}
      aria-hidden="true"
      style={{ '--share': Math.min(1, Math.abs(share)) } as CSSProperties}
    />
  );
}
