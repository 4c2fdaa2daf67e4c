import { z } from 'zod';
import { compareCodeUnits } from '../domain/asset.js';
import { CycleFigures, FORMULA_VERSION, type Cycle } from '../domain/cycle.js';
import { isDecimal } from '../domain/decimal.js';
import { deriveAnew, differencesOf } from '../domain/derivation.js';
import { STRATEGY_MODES, STRATEGY_TIERS } from '../domain/strategy.js';
import { FRAME_FORMAT, isSameOrigin, type FrameOrigin } from './frame-columns.js';

/** The highest turn that there can be. */
const LAST_TURN = 2 ** 31 - 1;
/** How far from 1970 a moment may be, milliseconds. */
const FARTHEST = 8.64e15;

const turn = z.int().min(1).max(LAST_TURN);
const moment = z.int().min(-FARTHEST).max(FARTHEST);
/** Such as can stand in a document's lines: an exchange has them in other scripts, too. */
const asset = z.string().regex(/^[^\s/,.$\ufffd]{1,40}$/u, 'expected an asset');
const decimal = z.string().refine(isDecimal, 'expected a decimal');
const figure = z.number().nullable();

const ROW = z.strictObject({
  format: z.literal(FRAME_FORMAT),
  exchange: z.enum(['BINANCE', 'SIMULATED', 'REPLAY']),
  source: z.string().min(1),
  account: z.enum(['ACCOUNT', 'PAPER']),
  turn,
  previousTurn: turn.nullable(),
  startedAt: moment,
  observedAt: moment,
  completedAt: moment,
  intervalMs: z.number().positive().nullable(),
  staleAfterMs: z.number().min(0),
  formulaVersion: z.literal(FORMULA_VERSION),
  universe: z.array(asset).min(1),
  tickers: z.array(
    z.strictObject({
      symbol: z.string().regex(/^[^\s\ufffd]{1,80}$/u, 'expected a symbol'),
      base: asset,
      quote: asset,
      last: z.number().positive(),
      open: z.number().positive(),
      bid: z.number(),
      ask: z.number(),
      quoteVolume: z.number(),
      closeTime: z.int(),
    }),
  ),
  walletSource: z.enum(['ACCOUNT', 'PAPER']),
  balances: z.array(z.strictObject({ asset, free: decimal, locked: decimal })),
  unreadableBalances: z.array(asset),
  config: z.strictObject({
    version: z.int().min(1).max(LAST_TURN),
    updatedAt: moment,
    tier: z.enum(STRATEGY_TIERS),
    mode: z.enum(STRATEGY_MODES),
    quantBase: asset,
    expectedImprint: z.number().positive(),
    expectedLuggage: z.number().positive(),
  }),
  quants: z.array(figure),
  leadPrice: figure,
  leadQuant: asset.nullable(),
  quant: figure,
  shift: figure,
  leadSince: turn,
  grt: figure,
  imprint: figure,
  luggage: z.number(),
  imprintReached: z.boolean().nullable(),
  luggageReached: z.boolean().nullable(),
});

type Row = z.infer<typeof ROW>;

/** A row that was looked at: its cycle, or why it is refused, in words. */
export type CheckedRow =
  | { readonly cycle: Cycle; readonly origin: FrameOrigin; readonly isAlone: boolean }
  | { readonly faults: readonly string[] };

/**
 * Looks at the rows of a file of frames, one after another: each by itself, and what follows from it and the one
 * before, worked out anew.
 */
export class FrameCheck {
  #last: CycleFigures | null = null;
  #lastTurn = 0;
  #origin: FrameOrigin | null = null;
  /** Whether nobody knows which turn the row before was of. */
  #isUnsure = false;

  check(value: unknown): CheckedRow {
    const read = ROW.safeParse(value);
    if (!read.success) {
      this.#isUnsure = true;
      return { faults: read.error.issues.map(wordsOf) };
    }
    const row = read.data;
    const cycle = cycleOf(row);
    const faults = [...faultsIn(row), ...this.#faultsInOrder(row)];
    const origin = { exchange: row.exchange, source: row.source, account: row.account };
    const isFirst = this.#origin === null;
    this.#origin ??= origin;
    this.#lastTurn = Math.max(this.#lastTurn, cycle.turn);
    this.#isUnsure = false;
    if (faults.length > 0) return { faults };
    // Of a part of a history the first one is as the file has it: what it builds upon is not there.
    const isAlone = isFirst && cycle.previousTurn !== null;
    faults.push(...this.#faultsInFigures(cycle, isAlone));
    return faults.length > 0 ? { faults } : { cycle, origin, isAlone };
  }

  #faultsInOrder({ turn: own, previousTurn, exchange, source, account }: Row): string[] {
    const faults: string[] = [];
    if (own <= this.#lastTurn) faults.push(`turn: ${own} does not come after ${this.#lastTurn}`);
    if (previousTurn !== null && previousTurn >= own) {
      faults.push(`previousTurn: ${previousTurn} is not before ${own}`);
    } else if (this.#buildsElsewhere(previousTurn)) {
      faults.push(`previousTurn: ${previousTurn} is not the turn of the row before`);
    }
    if (this.#origin && !isSameOrigin({ exchange, source, account }, this.#origin)) {
      faults.push('exchange, source, account: those of the first row are others');
    }
    return faults;
  }

  /** Whether a row builds upon another turn than that of the row before it. */
  #buildsElsewhere(previousTurn: number | null): boolean {
    if (previousTurn === null || this.#isUnsure) return false;
    return this.#origin !== null && previousTurn !== this.#lastTurn;
  }

  #faultsInFigures(cycle: Cycle, isAlone: boolean): string[] {
    const before = this.#last;
    if (isAlone || (cycle.previousTurn !== null && before?.turn !== cycle.previousTurn)) {
      // Where the row before was refused, nobody knows what follows from it.
      this.#last = new CycleFigures(cycle, before?.graphs);
      return [];
    }
    const derived = deriveAnew(cycle, cycle.previousTurn === null ? null : before);
    // What follows goes by what the file says, so that a fault is named where it is, and not ever after.
    this.#last = new CycleFigures(cycle, derived.graphs, derived);
    return differencesOf(cycle, derived.cycle).map(
      ({ field, stored, derived: anew }) => `${field}: is ${stored}, and ${anew} worked out anew`,
    );
  }
}

function wordsOf({ path, message }: z.core.$ZodIssue): string {
  const place = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`));
  return `${place.join('').slice(1) || 'row'}: ${message}`;
}

function faultsIn({ universe, tickers, quants, balances, unreadableBalances }: Row): string[] {
  const faults: string[] = [];
  const known = new Set(universe);
  if (known.size < universe.length) faults.push('universe: has an asset twice');
  if (quants.length !== universe.length) faults.push('quants: expected one for each asset');
  const pairs = new Set<string>();
  tickers.forEach(({ symbol, base, quote }, at) => {
    const before = tickers[at - 1];
    if (before && compareCodeUnits(before.symbol, symbol) >= 0) {
      faults.push(`tickers[${at}].symbol: ${symbol} does not come after ${before.symbol}`);
    }
    if (base === quote || !known.has(base) || !known.has(quote)) {
      faults.push(`tickers[${at}]: ${base}/${quote} is no pair of the universe`);
    }
    if (pairs.has(`${base}/${quote}`)) faults.push(`tickers[${at}]: has ${base}/${quote} twice`);
    pairs.add(`${base}/${quote}`);
  });
  const held = [...balances.map((each) => each.asset), ...unreadableBalances];
  if (new Set(held).size < held.length) faults.push('balances: have an asset twice');
  return faults;
}

function cycleOf(row: Row): Cycle {
  const { turn: own, previousTurn, startedAt, completedAt, exchange, universe } = row;
  const { intervalMs, staleAfterMs, formulaVersion, config, leadPrice, unreadableBalances } = row;
  const { leadQuant, quant, shift, leadSince, grt, imprint, luggage } = row;
  const { imprintReached, luggageReached } = row;
  return {
    ...{ turn: own, previousTurn, startedAt, completedAt, exchange, universe },
    frame: { observedAt: row.observedAt, tickers: row.tickers },
    holdings: {
      source: row.walletSource,
      balances: row.balances,
      ...(unreadableBalances.length > 0 && { unreadable: unreadableBalances }),
    },
    quants: { universe, values: row.quants },
    aux: {
      ...{ turn: own, leadQuant, quant, shift, leadSince, grt, imprint, luggage },
      ...{ imprintReached, luggageReached },
    },
    ...{ config, leadPrice, intervalMs, staleAfterMs, formulaVersion },
  };
}
