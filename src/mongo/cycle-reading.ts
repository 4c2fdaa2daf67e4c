import { mongoose } from '@typegoose/typegoose';
import { z } from 'zod';
import { compareCodeUnits } from '../domain/asset.js';
import { FORMULA_VERSION, type Cycle } from '../domain/cycle.js';
import { isDecimal } from '../domain/decimal.js';
import { isPrice, type Frame, type Ticker } from '../domain/frame.js';
import { STRATEGY_MODES, STRATEGY_TIERS } from '../domain/strategy.js';
import type { Balance, Holdings } from '../domain/wallet.js';
import { UnreadableCycle, type StoredCycle } from '../history/stored-cycle.js';
import { EXCHANGES, WALLET_SOURCES, type CycleDocument } from './cycle.model.js';
import { rememberId } from './cycle-ids.js';
import {
  EARLY_VERSION,
  isChecked,
  isIdOf,
  SCHEMA_VERSION,
  type CycleContent,
} from './cycle-digest.js';

/** The highest turn that there can be: what GraphQL's Int holds. */
export const LAST_TURN = 2 ** 31 - 1;

const turn = z.int().min(1).max(LAST_TURN);
/** Whatever was computed: the digest vouches for it. */
const figure = z.custom<number>((value) => typeof value === 'number', 'expected a number');
const moment = z.date();
const asset = z.string().min(1);

/** The settings of the strategy, of one version. */
export const CONFIG_SHAPE = z.object({
  version: z.int().min(1),
  updatedAt: moment,
  tier: z.enum(STRATEGY_TIERS),
  mode: z.enum(STRATEGY_MODES),
  quantBase: asset,
  expectedImprint: z.number().positive(),
  expectedLuggage: z.number().positive(),
});

/** A document as far as its fields go, each by itself; what it holds beyond them is left out. */
const SHAPE = z.object({
  schemaVersion: z.literal([SCHEMA_VERSION, EARLY_VERSION]).exactOptional(),
  turn,
  previousTurn: turn.nullable(),
  startedAt: moment,
  observedAt: moment,
  completedAt: moment,
  exchange: z.enum(EXCHANGES),
  universe: z.string().min(1),
  tickers: z.record(z.string(), z.string()),
  walletSource: z.enum(WALLET_SOURCES),
  balances: z.array(z.string()),
  quants: z.array(figure.nullable()),
  aux: z.object({
    leadQuant: asset.nullable(),
    quant: figure.nullable(),
    shift: figure.nullable(),
    leadSince: turn,
    grt: figure.nullable(),
    imprint: figure.nullable(),
    luggage: figure,
    imprintReached: z.boolean().nullable(),
    luggageReached: z.boolean().nullable(),
  }),
  leadPrice: figure.nullable(),
  config: CONFIG_SHAPE,
  staleAfterMs: figure,
  formulaVersion: z.int(),
  intervalMs: figure.exactOptional(),
  check: z.string().exactOptional(),
});

/** Says in words what is wrong with a document. */
class Fault extends Error {
  override readonly name = 'Fault';
}

/**
 * The cycle of a document; what was derived from the one is derived from the other, bit for bit.
 * Nothing is taken on trust: a document that was changed since it was written is told from one that
 * was not.
 * @returns null where it does not even say which turn it is of
 */
export function readCycle(document: unknown): StoredCycle | null {
  const named = turnOf(document);
  if (named === null) return null;
  const stored = asStored(document as CycleDocument, named);
  rememberId(stored, (document as CycleDocument)._id);
  return stored;
}

/** A document that is no cycle; null where it does not even say which turn it is of. */
export function unreadableCycle(document: unknown, why: string): StoredCycle | null {
  const named = turnOf(document);
  if (named === null) return null;
  const stored = new UnreadableCycle(named, why);
  rememberId(stored, (document as CycleDocument)._id);
  return stored;
}

function asStored(document: CycleDocument, named: number): StoredCycle {
  try {
    return toCycle(document);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return new UnreadableCycle(named, error.message);
  }
}

/**
 * A document as it was first written, with an id that follows from nothing: what it holds is a cycle,
 * and nothing vouches for it. Null for any other.
 */
export function earlyDocument(document: unknown): CycleDocument | null {
  const { _id, schemaVersion } = (document ?? {}) as Partial<CycleDocument>;
  if (schemaVersion !== undefined || !(_id instanceof mongoose.Types.ObjectId)) return null;
  const checked = SHAPE.safeParse(document);
  if (!checked.success || isIdOf(checked.data, document as CycleDocument)) return null;
  return { ...checked.data, _id };
}

/** The turn that a document is of, by its own word. */
export function turnOf(document: unknown): number | null {
  const named = typeof document === 'object' && document ? (document as CycleDocument).turn : null;
  return turn.safeParse(named).data ?? null;
}

/** @throws {Fault} */
function toCycle(document: CycleDocument): Cycle {
  const { schemaVersion, formulaVersion } = document as unknown as Record<string, unknown>;
  if (![undefined, SCHEMA_VERSION, EARLY_VERSION].includes(schemaVersion as number)) {
    throw new Fault(`its schemaVersion ${inWords(schemaVersion)} is not known to this program`);
  }
  const content = shaped(document);
  if (!isIdOf(content, document)) {
    throw new Fault('it was changed since it was written: it differs from the digest in its _id');
  }
  if (!isChecked({ ...content, _id: document._id })) {
    throw new Fault('it was changed since it was written: it differs from its check (intervalMs)');
  }
  if (formulaVersion !== FORMULA_VERSION) {
    throw new Fault(`its formulaVersion ${inWords(formulaVersion)} is not known to this program`);
  }
  const universe = content.universe.split(',');
  if (content.quants.length !== universe.length) throw new Fault('quants: one for each asset');
  return {
    turn: content.turn,
    previousTurn: content.previousTurn,
    startedAt: content.startedAt.getTime(),
    completedAt: content.completedAt.getTime(),
    exchange: content.exchange,
    universe,
    frame: fromLines(content.tickers, content.observedAt.getTime()),
    holdings: toHoldings(content),
    quants: { universe, values: content.quants },
    aux: { turn: content.turn, ...content.aux },
    leadPrice: content.leadPrice,
    config: { ...content.config, updatedAt: content.config.updatedAt.getTime() },
    staleAfterMs: content.staleAfterMs,
    intervalMs: content.intervalMs ?? null,
    formulaVersion: content.formulaVersion,
  };
}

/** @throws {Fault} */
function shaped(document: CycleDocument): CycleContent {
  const checked = SHAPE.safeParse(document);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    throw new Fault(`${issue?.path.map(String).join('.') || 'document'}: ${issue?.message ?? ''}`);
  }
  if (!(document._id instanceof mongoose.Types.ObjectId)) throw new Fault('_id: not an ObjectId');
  return checked.data;
}

/** Ordered by symbol, as every frame is, in whatever order the lines stand. */
function fromLines(lines: Readonly<Record<string, string>>, observedAt: number): Frame {
  const tickers = Object.entries(lines).map(([pair, line]): Ticker => {
    const ticker = toTicker(pair, line, observedAt);
    if (ticker) return ticker;
    throw new Fault(`tickers.${pair}: expected a ticker, not ${inWords(line)}`);
  });
  return { observedAt, tickers: tickers.sort((a, b) => compareCodeUnits(a.symbol, b.symbol)) };
}

function toTicker(pair: string, line: string, observedAt: number): Ticker | null {
  const [base = '', quote = ''] = pair.split('/');
  const words = line.split(' ');
  const [last, open] = [numberIn(words, 0), numberIn(words, 1)];
  const [bid, ask] = [numberIn(words, 2), numberIn(words, 3)];
  const [quoteVolume, lag] = [numberIn(words, 4), numberIn(words, 5)];
  const isBook = Number.isFinite(bid) && Number.isFinite(ask);
  const isWhole = isBook && Number.isFinite(quoteVolume) && Number.isFinite(lag);
  const isNamed = base !== '' && quote !== '' && words.length <= 7;
  if (!isPrice(last) || !isPrice(open) || !isWhole || !isNamed) return null;
  const symbol = words[6] ?? base + quote;
  return { symbol, base, quote, last, open, bid, ask, quoteVolume, closeTime: observedAt - lag };
}

/** NaN where there is none. */
function numberIn(words: readonly string[], at: number): number {
  return at < words.length ? Number(words[at]) : NaN;
}

/** A line of one word is an asset whose amount could not be read. */
function toHoldings({ walletSource: source, balances: lines }: CycleContent): Holdings {
  const unreadable = lines.filter((line) => line !== '' && !line.includes(' '));
  const balances = lines.filter((line) => !unreadable.includes(line)).map(toBalance);
  return { source, balances, ...(unreadable.length > 0 && { unreadable }) };
}

function toBalance(line: string): Balance {
  const [asset = '', free = '', locked = '', ...others] = line.split(' ');
  if (asset && isDecimal(free) && isDecimal(locked) && others.length === 0) {
    return { asset, free, locked };
  }
  throw new Fault(`balances: expected an asset and two decimals, not ${inWords(line)}`);
}

function inWords(value: unknown): string {
  return typeof value === 'object' ? typeof value : JSON.stringify(value)?.slice(0, 40);
}
