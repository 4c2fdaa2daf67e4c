import { z } from 'zod';
import { TurnMatrixDocument } from '../../generated/operations.js';
import { AskFailure } from '../ask.js';
import { asset, matrixKind, span, turn } from '../inputs.js';
import { readingTool } from '../tool.js';
import { seconds, turnData, turnHead, turnShape, turnWords } from '../turns.js';

const MOST_ASSETS = 20;
const table = z.array(z.array(z.number().nullable()));

export const matrix = readingTool({
  name: 'get_matrix',
  title: 'A matrix of assets',
  description:
    `One of the five matrices, rows are bases and columns are quotes, of up to ${MOST_ASSETS} assets each way; of the whole ` +
    'universe where no more are in it. With `over`, held against our own rates of so long ago instead of 24 h.',
  input: {
    kind: matrixKind.default('ID_BENCHMARK'),
    bases: z.array(asset).min(1).max(MOST_ASSETS).optional().describe('The rows'),
    quotes: z.array(asset).min(1).max(MOST_ASSETS).optional().describe('The columns'),
    over: span.optional().describe('ID_DELTA, ID_PERCENT, QUANTID: how long ago, for example 1h'),
    digits: z.int().min(1).max(17).default(6).describe('Significant digits of the values'),
    turn,
  },
  output: {
    at: turnShape,
    kind: matrixKind,
    unit: z.string().describe('QUOTE_PER_BASE, PERCENT, PERCENTAGE_POINTS or NONE'),
    bases: z.array(z.string()),
    quotes: z.array(z.string()),
    values: table.describe('Rows follow bases, columns follow quotes; null: no value'),
    legs: table.describe('How many listed pairs each rate is made of; 2 or more: a cross rate'),
    against: z.int().nullable().describe('With `over`: the turn that it is held against'),
    oldestPriceSeconds: z.number().nullable().describe('Of the prices in it, at the turn'),
    staleCells: z.int().describe('How many cells have a price that is older than it should be'),
  },
  async answer({ kind, over, digits, turn, ...named }, context) {
    const head = await turnHead(context, turn);
    const [bases, quotes] = [named.bases ?? head.symbols, named.quotes ?? head.symbols];
    if (Math.max(bases.length, quotes.length) > MOST_ASSETS) {
      const words = `the universe has ${head.symbols.length} assets: name up to ${MOST_ASSETS} bases and quotes of`;
      throw new AskFailure(`${words} ${head.symbols.join(', ')}`);
    }
    const asked = { turn: head.turn, kind, bases, quotes, digits, ...(over && { over }) };
    const { cycle } = await context.ask(TurnMatrixDocument, asked);
    if (!cycle?.matrix) throw new AskFailure(`turn ${head.turn} has no such matrix`);
    const { unit, values, legs, against, ages } = cycle.matrix;
    const known = ages.flat().filter((age) => age !== null);
    const oldest = known.length > 0 ? Math.max(...known) : null;
    const staleCells = known.filter((age) => age > head.staleAfterMs).length;
    const data = {
      at: turnData(context, head),
      ...{ kind, unit, bases: cycle.matrix.bases, quotes: cycle.matrix.quotes, values, legs },
      ...{ against, oldestPriceSeconds: oldest === null ? null : oldest / 1000, staleCells },
    };
    const age = oldest === null ? 'no prices' : `oldest price ${seconds(oldest)} old`;
    const held = over === undefined ? '' : `, against turn ${against ?? 'none that is stored'}`;
    const words = `${kind} in ${unit}, ${bases.length} by ${quotes.length}${held}; ${age}, ${staleCells} stale cells.`;
    return { text: `${rows(data)}\n${words} ${turnWords(context, head)}`, data };
  },
});

interface Shown {
  readonly bases: readonly string[];
  readonly quotes: readonly string[];
  readonly values: readonly (readonly (number | null)[])[];
}

/** A line for each base, with tabs, which models read well. */
function rows({ bases, quotes, values }: Shown): string {
  const lines = values.map((row, at) => [bases[at], ...row.map((value) => value ?? '-')]);
  return [['', ...quotes], ...lines].map((cells) => cells.join('\t')).join('\n');
}
