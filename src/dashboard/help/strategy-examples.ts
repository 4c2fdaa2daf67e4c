import type { HelpTurnFragment } from '../../generated/operations.js';
import { formatNumber } from '../format/numbers.js';
import { digits, part, sumOf, worked, type ExampleText } from './example-text.js';
import type { Example } from './read-example.js';
import { ALPHAS, growth, luggage, mean, smoothed, strength, type Held } from './work-out.js';

type Cell = number | null;

/** The cells of a row but the one on the diagonal. */
function offDiagonal(row: { quotes: string[]; values: Cell[][] } | null, base: string): Cell[] {
  return (row?.values[0] ?? []).filter((_, column) => row?.quotes[column] !== base);
}

function figureOf(turn: HelpTurnFragment | null, asset: string | null) {
  return turn?.assets.find(({ symbol }) => symbol === asset) ?? null;
}

/** Strength and quant of the base of the example. */
export function assetExamples({ base, pair, cycle, before }: Example) {
  const percents = offDiagonal(pair.percents, base);
  const quantids = offDiagonal(pair.quantids, base);
  const own = figureOf(cycle, base);
  const logs = percents.flatMap((each) => (each === null ? [] : [part(Math.log(1 + each / 100))]));
  const rowMean = mean(quantids);
  const alpha = ALPHAS[cycle.config.tier];
  const last = figureOf(before, base)?.quant ?? null;
  return {
    strength: worked(
      `${base}: 100 × (exp((${sumOf(logs)}) / ${logs.length}) − 1)`,
      strength(percents),
      own?.strength,
      '%',
    ),
    quant: worked(
      last === null
        ? `${base}, without a turn before: the mean of the row, ${digits(rowMean)}`
        : `${base}, ${cycle.config.tier}: ${alpha} × ${part(rowMean ?? 0)} + ${1 - alpha} × ${part(last)}`,
      rowMean === null ? null : smoothed(rowMean, last, alpha),
      own?.quant,
    ),
  };
}

/** The strategy's figures, of its own lead. */
export function strategyExamples({ cycle, before, since }: Example) {
  const { aux, config } = cycle;
  const { leadQuant: lead } = aux;
  const now = figureOf(cycle, lead);
  const last = figureOf(before, lead)?.quant ?? null;
  return {
    lead: leadExample(cycle),
    shift:
      !now || now.quant === null || last === null
        ? { missing: 'The lead had no quant at the turn before.' }
        : worked(`${lead}: ${digits(now.quant)} − ${part(last)}`, now.quant - last, aux.shift),
    imprint: imprintExample(cycle, since),
    grt: growthExample(cycle, before),
    luggage:
      aux.leadSince === cycle.turn || !before
        ? { told: `${lead ?? 'Nothing'} has just taken over: luggage begins with 1.` }
        : worked(
            `${digits(before.aux.luggage)} × (1 + ${part(aux.grt ?? 0)} / 100)`,
            before.aux.luggage === null ? null : luggage(before.aux.luggage, aux.grt),
            aux.luggage,
            `; the strategy waits for ${digits(config.expectedLuggage)}`,
          ),
  };
}

function leadExample({ aux, config, assets }: Example['cycle']): ExampleText {
  if (aux.leadQuant === null) return { missing: 'No asset has a quant at this turn.' };
  const ranked = assets.toSorted((a, b) => (b.quant ?? -Infinity) - (a.quant ?? -Infinity));
  const [first] = ranked;
  const end = ranked.findLast(({ quant }) => quant !== null);
  return {
    told: `${config.mode}: ${aux.leadQuant} leads, with a quant of ${digits(aux.quant)}; the largest is that of ${first?.symbol} (${digits(first?.quant ?? null)}), the smallest that of ${end?.symbol} (${digits(end?.quant ?? null)}).`,
  };
}

function imprintExample(
  { aux, config, ...cycle }: Example['cycle'],
  since: HelpTurnFragment | null,
): ExampleText {
  const { leadQuant: lead, leadSince } = aux;
  const price = cycle.assets.find(({ symbol }) => symbol === lead)?.price ?? null;
  const then = figureOf(since, lead)?.price ?? null;
  if (leadSince !== null && !since) {
    return {
      missing: `Turn ${formatNumber(leadSince, 0)}, at which ${lead} took over, is no longer stored; imprint is ${digits(aux.imprint)}.`,
    };
  }
  const words = aux.imprintReached ? 'reached' : 'not reached yet';
  return worked(
    `${lead} since turn ${formatNumber(leadSince, 0)}: ${digits(price)} / ${digits(then)}`,
    price === null || then === null ? null : price / then,
    aux.imprint,
    `; the strategy waits for ${digits(config.expectedImprint)}: ${words}`,
  );
}

/** What was held at the turn before, and had a price then and now. */
function heldAt(cycle: Example['cycle'], before: HelpTurnFragment): Held[] {
  return (before.wallet?.balances ?? []).flatMap(({ asset, total }) => {
    const [then, now] = [figureOf(before, asset)?.price, figureOf(cycle, asset)?.price];
    const amount = Number(total);
    if (typeof then !== 'number' || typeof now !== 'number' || Number.isNaN(amount)) return [];
    return [{ asset, amount, before: then, now }];
  });
}

function growthExample(cycle: Example['cycle'], before: HelpTurnFragment | null): ExampleText {
  if (!before) return { missing: 'The turn before is not stored: nothing has grown yet.' };
  if (before.wallet?.source !== cycle.wallet?.source) {
    return { missing: 'The balances come from another source than at the turn before.' };
  }
  const held = heldAt(cycle, before);
  const now = sumOf(held.map((each) => `${digits(each.amount)} × ${digits(each.now)}`));
  const then = sumOf(held.map((each) => `${digits(each.amount)} × ${digits(each.before)}`));
  return worked(`100 × ((${now}) / (${then}) − 1)`, growth(held), cycle.aux.grt, '%');
}
