import { formatNumber } from '../format/numbers.js';
import { formatMoment, formatSpan, type Zone } from '../format/moment-text.js';
import { digits, part, type ExampleText, worked } from './example-text.js';
import { assetExamples, strategyExamples } from './strategy-examples.js';
import { cellOf, type Example } from './read-example.js';
import { windowExamples } from './window-examples.js';
import {
  inconsistencyBps,
  kinetic,
  percentMove,
  product,
  quantid,
  rateBefore,
  spreadBps,
} from './work-out.js';
import type { WordName } from './words.js';

const NO_BOOK = 'Bid or ask of this pair is not known at this turn.';

/** The example of each word, with the numbers of one turn. */
export function examplesOf(example: Example, zone: Zone): Readonly<Record<WordName, ExampleText>> {
  return {
    ...turnExamples(example, zone),
    ...rateExamples(example),
    ...moveExamples(example),
    ...bookExamples(example),
    ...assetExamples(example),
    ...strategyExamples(example),
    ...windowExamples(example),
    consistency: consistencyExample(example),
  };
}

function turnExamples({ cycle, before }: Example, zone: Zone) {
  const { turn, observedAt, startedAt, completedAt, symbols } = cycle;
  const since = before && Date.parse(observedAt) - Date.parse(before.observedAt);
  const took = Date.parse(completedAt) - Date.parse(startedAt);
  const few = symbols.slice(0, 12).join(', ');
  return {
    turn: {
      told: `This is turn ${formatNumber(turn, 0)}, observed ${formatMoment(observedAt, zone)}${
        since === null ? '' : `, ${formatSpan(since)} after the one before it`
      }.`,
    },
    cycle: {
      told: `It took ${formatSpan(took)} from the first question to the exchange until it was stored, and is pushed to every page since.`,
    },
    universe: {
      told: `${symbols.length} assets, ${symbols.length ** 2} cells in each matrix: ${few}${
        symbols.length > 12 ? ', …' : ''
      }.`,
    },
  };
}

function rateExamples({ base, quote, pair, cross, cycle }: Example) {
  const rate = cellOf(pair.benchmark);
  const cell = pair.benchmark?.cell;
  const unit = `${quote} per ${base}`;
  const found = {
    DIRECT: 'listed',
    INVERSE: 'listed the other way',
    CROSS: 'a cross rate',
    IDENTITY: 'the same asset',
  };
  const legs = cross?.legs ?? [];
  const names = cross?.assets ?? [];
  return {
    benchmark:
      rate === null || !cell?.source
        ? { missing: `No path joins ${base} and ${quote} at this turn.` }
        : {
            told: `One ${base} costs ${digits(rate)} ${quote}: ${found[cell.source]} (${cell.path.join(', ')}).`,
          },
    path: cross
      ? worked(
          `${names[0]} in ${names.at(-1)} over ${names.slice(1, -1).join(', ')}: ${legs.map(part).join(' × ')}`,
          product(legs),
          cross.rate,
          `${names.at(-1)} per ${names[0]}`,
        )
      : { missing: 'Each pair that was looked at is listed.' },
    stale:
      !cell || cell.ageMs === null
        ? { missing: `No path joins ${base} and ${quote} at this turn.` }
        : {
            told: `The price of ${base}/${quote} was ${formatSpan(cell.ageMs)} old: ${
              cell.stale ? 'stale' : 'not stale'
            }, since STALE_AFTER_MS is ${formatSpan(cycle.staleAfterMs)}.`,
          },
    delta: deltaExample(rate, cellOf(pair.delta), unit),
  };
}

function deltaExample(rate: number | null, delta: number | null, unit: string): ExampleText {
  if (rate === null || delta === null) return worked('', null, delta);
  const before = rateBefore(rate, delta);
  return worked(`${digits(rate)} − ${digits(before)}`, rate - before, delta, unit);
}

function moveExamples({ pair, percentBefore, before }: Example) {
  const rate = cellOf(pair.benchmark);
  const delta = cellOf(pair.delta);
  const percent = cellOf(pair.percent);
  const scale = pair.quantid?.scale ?? null;
  const open = rate === null || delta === null ? null : rateBefore(rate, delta);
  const moved = rate === null || open === null ? null : percentMove(rate, open);
  const k =
    percent === null || delta === null || open === null ? null : kinetic(percent, delta, open);
  return {
    percent: worked(`100 × (${digits(rate)} / ${digits(open)} − 1)`, moved, percent, '%'),
    pct:
      before === null
        ? { missing: 'The turn before is not stored: there is nothing to hold it against.' }
        : worked(
            `${digits(percent)} − ${part(percentBefore ?? 0)}`,
            percent === null || percentBefore === null ? null : percent - percentBefore,
            cellOf(pair.pct),
            'percentage points',
          ),
    quantid: worked(
      `((1 + ${part(percent ?? 0)} / 100) × ${part(delta ?? 0)}) / ${digits(open)} / ${digits(scale)}`,
      k === null || scale === null ? null : quantid(k, scale),
      cellOf(pair.quantid),
    ),
  };
}

/** Bid and ask of a pair follow from what selling brings, one way and the other. */
function bookExamples({ base, quote, pair }: Example) {
  const bid = cellOf(pair.take);
  const back = cellOf(pair.takeBack);
  const mid = cellOf(pair.mid);
  if (bid === null || back === null || mid === null) {
    const missing = { missing: NO_BOOK };
    return { mid: missing, take: missing, spread: missing };
  }
  const ask = 1 / back;
  const unit = `${quote} per ${base}`;
  const isListed = pair.benchmark?.cell?.source === 'DIRECT';
  return {
    // Of an inverse or a cross rate MID is made of other bids and asks than these.
    mid: isListed
      ? worked(`(${digits(bid)} + ${digits(ask)}) / 2`, (bid + ask) / 2, mid, unit)
      : { told: `One ${base} is ${digits(mid)} ${quote} at MID, leg by leg.` },
    take: {
      told: `Selling one ${base} brings ${digits(bid)} ${quote}; buying it back costs ${digits(ask)} ${quote}, before fees.`,
    },
    spread: {
      told: `10,000 × (${digits(ask)} − ${digits(bid)}) / ((${digits(ask)} + ${digits(bid)}) / 2) = ${digits(spreadBps(bid, ask))} basis points.`,
    },
  };
}

function consistencyExample({ triangle, cycle }: Example): ExampleText {
  if (!triangle) return { missing: 'No listed pair has a way round beside it at this turn.' };
  const { symbols, rate, legs } = triangle;
  const [pair, ...round] = symbols;
  return worked(
    `${pair} against ${round.join(' and ')}: 10,000 × |ln ${digits(rate)} − ln(${legs.map(part).join(' × ')})|`,
    inconsistencyBps(rate, legs),
    cycle.consistency.maxBps,
    'basis points, the largest of this turn',
  );
}
