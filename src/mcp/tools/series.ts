import { z } from 'zod';
import { SeriesWithPathsDocument, type SeriesWithPathsQuery } from '../../generated/operations.js';
import { AskFailure } from '../ask.js';
import { asset, matrixKind, moment, MOMENT_WORDS, span } from '../inputs.js';
import { readingTool } from '../tool.js';
import { short } from '../turns.js';

const MOST_CELLS = 5;
const MOST_POINTS = 500;

export const series = readingTool({
  name: 'get_series',
  title: 'Rates over time',
  description:
    `How up to ${MOST_CELLS} cells of a matrix went over a range of stored time, by bucket, with the paths that they came ` +
    'along and how many of their turns had a price that was older than it should be.',
  input: {
    cells: z
      .array(z.strictObject({ base: asset, quote: asset }))
      .min(1)
      .max(MOST_CELLS)
      .describe('Which pairs, each once'),
    kind: matrixKind.default('ID_BENCHMARK'),
    from: moment.describe(`Where it begins: ${MOMENT_WORDS}`),
    to: moment.default('now').describe(`Where it ends, not within it: ${MOMENT_WORDS}`),
    every: z
      .union([span, z.literal('turn')])
      .optional()
      .describe('How long a bucket is, for example 15m, or turn; without it, what fits maxPoints'),
    of: z
      .enum(['LAST', 'FIRST', 'MIN', 'MAX', 'MEAN', 'COUNT'])
      .default('LAST')
      .describe('Which value of the turns of a bucket'),
    maxPoints: z.int().min(1).max(MOST_POINTS).default(100).describe('How many buckets at most'),
  },
  output: {
    every: z.string().describe('How long a bucket is'),
    starts: z.array(z.string().nullable()).describe('When each bucket begins, RFC 3339 UTC'),
    firstTurn: z.number().nullable().describe('The first turn of all'),
    lastTurn: z.number().nullable().describe('The last turn of all'),
    lastIsFinal: z.boolean().describe('Whether no turn can come into the last bucket any more'),
    lines: z.array(
      z.object({
        base: z.string().nullable(),
        quote: z.string().nullable(),
        unit: z.string(),
        values: z.array(z.number().nullable()).describe('One a bucket; null: no value'),
        staleTurns: z.number().describe('Turns at which its oldest price was too old'),
        pathCount: z.int().nullable().describe('How often the path changed, and one'),
        paths: z
          .array(
            z.object({
              fromTurn: z.int(),
              toTurn: z.int(),
              source: z.string(),
              path: z.array(z.string()),
            }),
          )
          .describe('The first ten of them'),
      }),
    ),
  },
  async answer(asked, context) {
    const { series: found } = await context.ask(SeriesWithPathsDocument, { ...asked, digits: 8 });
    if (found === null) throw new AskFailure('there is no such series');
    const data = {
      every: found.every,
      starts: found.starts.map(timeOf),
      firstTurn: found.firstTurns.find((turn) => turn !== null) ?? null,
      lastTurn: found.lastTurns.findLast((turn) => turn !== null) ?? null,
      lastIsFinal: found.lastIsFinal,
      lines: found.lines.map(({ staleCounts, paths, ...line }) => ({
        ...line,
        paths: paths ?? [],
        staleTurns: staleCounts.reduce<number>((sum, count) => sum + (count ?? 0), 0),
      })),
    };
    if (data.firstTurn === null) {
      return { text: `No turn is stored from ${asked.from} to ${asked.to}.`, data };
    }
    return { text: wordsOf(found, data), data };
  },
});

type Found = NonNullable<SeriesWithPathsQuery['series']>;

interface Told {
  readonly firstTurn: number | null;
  readonly lastTurn: number | null;
  readonly lines: readonly (Pick<Found['lines'][number], 'base' | 'quote' | 'unit' | 'values'> & {
    readonly staleTurns: number;
    readonly paths: readonly { readonly path: readonly string[] }[];
  })[];
}

function wordsOf({ every, starts, from, to }: Found, { firstTurn, lastTurn, lines }: Told): string {
  const told = lines.map(({ base, quote, unit, values, staleTurns, paths }) => {
    const known = values.filter((value) => value !== null);
    const ends = `${short(known[0] ?? null)} to ${short(known.at(-1) ?? null)}`;
    const bounds = known.length > 0 ? `, ${short(min(known))} to ${short(max(known))} within` : '';
    const path = paths.at(-1)?.path.join(', ') ?? '';
    const along = path === '' ? '' : `, at last along ${path}`;
    return `${base}/${quote}: ${ends} (${unit})${bounds}${along}, ${staleTurns} stale turns.`;
  });
  const range = `${starts.length} buckets of ${every} from ${from} to ${to}, turns ${firstTurn} to ${lastTurn}.`;
  return [...told, range].join('\n');
}

function timeOf(moment: number | null): string | null {
  return moment === null ? null : new Date(moment).toISOString();
}

function min(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value));
}

function max(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value));
}
