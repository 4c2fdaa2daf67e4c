import { createHash } from 'node:crypto';
import { mongoose } from '@typegoose/typegoose';
import { BSON } from 'mongodb';
import type { Cycle } from '../domain/cycle.js';
import type { Frame, Ticker } from '../domain/frame.js';
import type { Balance } from '../domain/wallet.js';
import type { CycleDocument } from './cycle.model.js';

/**
 * The document of a cycle; its id follows from what is in it, so that the same cycle is always the
 * same document, and another with its turn never is.
 */
export function toDocument(cycle: Cycle): CycleDocument {
  const content = toContent(cycle);
  return { _id: idOf(content), ...content };
}

/** Seconds as in every ObjectId, and then a digest of the content. */
function idOf(content: Omit<CycleDocument, '_id'>): mongoose.Types.ObjectId {
  const id = Buffer.alloc(12);
  id.writeUInt32BE(Math.floor(content.completedAt.getTime() / 1000) >>> 0);
  createHash('sha256').update(BSON.serialize(content)).digest().copy(id, 4);
  return new mongoose.Types.ObjectId(id);
}

/** `String(number)` is the shortest text that reads back as the same double. */
function toContent(cycle: Cycle): Omit<CycleDocument, '_id'> {
  const { turn, ...aux } = cycle.aux;
  return {
    turn,
    previousTurn: cycle.previousTurn,
    startedAt: new Date(cycle.startedAt),
    observedAt: new Date(cycle.frame.observedAt),
    completedAt: new Date(cycle.completedAt),
    exchange: cycle.exchange,
    universe: cycle.universe.join(','),
    tickers: toLines(cycle.frame),
    walletSource: cycle.holdings.source,
    balances: cycle.holdings.balances.map((held) => `${held.asset} ${held.free} ${held.locked}`),
    quants: [...cycle.quants.values],
    aux,
    leadPrice: cycle.leadPrice,
    config: { ...cycle.config, updatedAt: new Date(cycle.config.updatedAt) },
    staleAfterMs: cycle.staleAfterMs,
    formulaVersion: cycle.formulaVersion,
  };
}

/** The cycle of a document; what was derived from the one is derived from the other, bit for bit. */
export function toCycle(document: CycleDocument): Cycle {
  const universe = document.universe.split(',');
  return {
    turn: document.turn,
    previousTurn: document.previousTurn,
    startedAt: document.startedAt.getTime(),
    completedAt: document.completedAt.getTime(),
    exchange: document.exchange,
    universe,
    frame: fromLines(document.tickers, document.observedAt.getTime()),
    holdings: { source: document.walletSource, balances: document.balances.map(toBalance) },
    quants: { universe, values: document.quants },
    aux: { turn: document.turn, ...document.aux },
    leadPrice: document.leadPrice,
    config: { ...document.config, updatedAt: document.config.updatedAt.getTime() },
    staleAfterMs: document.staleAfterMs,
    formulaVersion: document.formulaVersion,
  };
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

function fromLines(lines: Readonly<Record<string, string>>, observedAt: number): Frame {
  const tickers = Object.entries(lines).map(([pair, line]): Ticker => {
    const [base = '', quote = ''] = pair.split('/');
    const words = line.split(' ');
    const [last = NaN, open = NaN, bid = 0, ask = 0, quoteVolume = 0, lag = NaN] = words
      .slice(0, 6)
      .map(Number);
    const symbol = words[6] ?? base + quote;
    return { symbol, base, quote, last, open, bid, ask, quoteVolume, closeTime: observedAt - lag };
  });
  return { observedAt, tickers };
}

function toBalance(line: string): Balance {
  const [asset = '', free = '0', locked = '0'] = line.split(' ');
  return { asset, free, locked };
}
