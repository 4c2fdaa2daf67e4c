import type { ReactNode } from 'react';
import { formatMomentNear, formatSpan, type Zone } from '../format/moments.js';
import { formatNumber } from '../format/numbers.js';
import { Term } from '../help/term.js';
import type { WordName } from '../help/words.js';
import {
  formatRatio,
  imprintWords,
  luggageWords,
  reachedWords,
  type StrategyCycle,
} from './waits.js';

/** Quants and their changes are written with so many decimals. */
export const QUANT_DECIMALS = 3;

interface FiguresProps {
  readonly cycle: StrategyCycle;
  /** When the lead took over; null before it is known. */
  readonly leadSinceAt: string | null;
  readonly zone: Zone;
}

/** The figures of one turn: six, in a grid of six, three or two columns. */
export function Figures({ cycle, leadSinceAt, zone }: FiguresProps) {
  const { aux, observedAt, turn } = cycle;
  return (
    <dl className="strategy-figures">
      <Figure name="Lead" term="lead" value={aux.leadQuant} none="No asset has a quant yet.">
        {aux.leadSince === turn ? 'since this turn' : sinceWords(leadSinceAt, observedAt, zone)}{' '}
        <span className="turn">turn {aux.leadSince}</span>
      </Figure>
      <Figure name="Quant" term="quant" value={signed(aux.quant)} none="No asset has one yet.">
        of {aux.leadQuant}, between −1 and +1
      </Figure>
      <Figure
        name="Shift"
        term="shift"
        value={signed(aux.shift)}
        none="It needs the turn before, with the same asset."
      >
        of that quant since the turn before
      </Figure>
      <Figure
        name="Growth"
        term="grt"
        value={signed(aux.grt)}
        unit="%"
        none="It needs the turn before, with a wallet that has a price."
      >
        of the wallet in this turn, without what came or went
      </Figure>
      <Figure
        name="Imprint"
        term="imprint"
        value={aux.imprint === null ? null : formatRatio(aux.imprint)}
        badge={reachedWords(cycle, aux.imprintReached)}
        none={imprintWords(cycle)}
      >
        {imprintWords(cycle)}
      </Figure>
      <Figure
        name="Luggage"
        term="luggage"
        value={aux.luggage === null ? null : formatRatio(aux.luggage)}
        badge={reachedWords(cycle, aux.luggageReached)}
        none={luggageWords(cycle)}
      >
        {luggageWords(cycle)}
      </Figure>
    </dl>
  );
}

function signed(value: number | null): string | null {
  return value === null ? null : formatNumber(value, QUANT_DECIMALS, { signed: true });
}

function sinceWords(since: string | null, until: string, zone: Zone): string {
  if (since === null) return 'since';
  const span = formatSpan(Date.parse(until) - Date.parse(since));
  return `for ${span}, since ${formatMomentNear(since, until, zone)}`;
}

interface FigureProps {
  readonly name: string;
  readonly term: WordName;
  readonly value: string | null;
  readonly unit?: string;
  readonly badge?: string | null;
  /** Why there is no value, where there is none. */
  readonly none: string;
  readonly children: ReactNode;
}

function Figure({ name, term, value, unit, badge = null, none, children }: FigureProps) {
  return (
    <div>
      <dt>
        <Term name={term}>{name}</Term>
      </dt>
      <dd>
        <span className="big">{value ?? '–'}</span>
        {value !== null && unit !== undefined && <span className="unit"> {unit}</span>}
        {badge !== null && (
          <span className={badge === 'reached' ? 'reached reached-yes' : 'reached'}>{badge}</span>
        )}
        <span className="about">{value === null ? none : children}</span>
      </dd>
    </div>
  );
}
