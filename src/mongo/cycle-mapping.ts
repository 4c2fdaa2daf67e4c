import { mongoose } from '@typegoose/typegoose';
import type { Cycle } from '../domain/cycle.js';
import type { Frame } from '../domain/frame.js';
import type { Holdings } from '../domain/wallet.js';
import type { CycleDocument } from './cycle.model.js';
import { checkOf, EARLY_VERSION, idOf, SCHEMA_VERSION, type CycleContent } from './cycle-digest.js';

/**
 * The document of a cycle; its id follows from what is in it, so that the same cycle is always the
 * same document, and another with its turn never is.
 */
export function toDocument(cycle: Cycle): CycleDocument {
  const content = toContent(cycle);
  const document = { _id: idOf(content), ...content };
  const { intervalMs } = cycle;
  if (intervalMs === null) return document;
  return { ...document, intervalMs, check: checkOf({ ...document, intervalMs }) };
}

/**
 * The document of a cycle that takes the place of another under its id, which then follows from nothing: a
 * check vouches for all of it.
 */
export function toRewritten(cycle: Cycle, id: string): CycleDocument {
  const { intervalMs } = cycle;
  const document = {
    _id: new mongoose.Types.ObjectId(id),
    ...toContent(cycle),
    schemaVersion: EARLY_VERSION,
    ...(intervalMs !== null && { intervalMs }),
  };
  return { ...document, check: checkOf(document) };
}

/** `String(number)` is the shortest text that reads back as the same double. */
function toContent(cycle: Cycle): CycleContent {
  const { turn, ...aux } = cycle.aux;
  return {
    schemaVersion: SCHEMA_VERSION,
    turn,
    previousTurn: cycle.previousTurn,
    startedAt: new Date(cycle.startedAt),
    observedAt: new Date(cycle.frame.observedAt),
    completedAt: new Date(cycle.completedAt),
    exchange: cycle.exchange,
    universe: cycle.universe.join(','),
    tickers: toLines(cycle.frame),
    walletSource: cycle.holdings.source,
    balances: toBalanceLines(cycle.holdings),
    quants: [...cycle.quants.values],
    aux,
    leadPrice: cycle.leadPrice,
    config: { ...cycle.config, updatedAt: new Date(cycle.config.updatedAt) },
    staleAfterMs: cycle.staleAfterMs,
    formulaVersion: cycle.formulaVersion,
  };
}

/** An amount that could not be read is left out of its line. */
function toBalanceLines({ balances, unreadable = [] }: Holdings): string[] {
  return [
    ...balances.map(({ asset, free, locked }) => `${asset} ${free} ${locked}`),
    ...unreadable,
  ];
}

function toLines({ observedAt, tickers }: Frame): Record<string, string> {
  const lines: Record<string, string> = {};
  for (const ticker of tickers) {
    const { symbol, base, quote, last, open, bid, ask, quoteVolume, closeTime } = ticker;
    const words = [last, open, bid, ask, quoteVolume, observedAt - closeTime].map(String);
    if (symbol !== base + quote) words.push(symbol);
    lines[`${base}/${quote}`] = words.join(' ');
  }
  return lines;
}
