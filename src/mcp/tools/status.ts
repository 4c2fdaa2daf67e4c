import { z } from 'zod';
import { StatusDocument } from '../../generated/operations.js';
import { readingTool } from '../tool.js';
import { secondsSince } from '../turns.js';

const failure = z.object({ at: z.string(), code: z.string(), message: z.string() }).nullable();

export const status = readingTool({
  name: 'get_status',
  title: 'How the engine stands',
  description:
    'Whether turns come, how old the newest one is, what keeps the exchange or the database from answering, and every warning. ' +
    'Ask this first where an answer seems old or is missing.',
  input: {},
  output: {
    exchange: z.string().describe('BINANCE, SIMULATED (made-up prices) or REPLAY (a recording)'),
    trouble: z.string().nullable().describe('Why the exchange cannot be read, and what to try'),
    database: z.string().describe('EMBEDDED or EXTERNAL, and whether it answers'),
    oldestTurn: z.int().nullable(),
    latestTurn: z.int().nullable(),
    latestAt: z.string().nullable().describe('When the newest turn was completed, RFC 3339 UTC'),
    secondsAgo: z.number().nullable().describe('How long that is ago'),
    nextAt: z.string().nullable().describe('When the next turn is due; null: none is'),
    intervalSeconds: z.number().describe('How far apart turns are to be'),
    lastFailure: failure,
    lastSkipped: failure,
    warnings: z.array(z.string()),
    version: z.string(),
  },
  async answer(_, context) {
    const { status: found } = await context.ask(StatusDocument, {});
    const { exchange, database, latestCycleAt, cycleIntervalMs } = found;
    const { trouble } = exchange;
    const { oldestTurn, latestTurn, lastFailure, lastSkipped, warnings, version } = found;
    const secondsAgo = latestCycleAt === null ? null : secondsSince(latestCycleAt, context.now());
    const data = {
      exchange: exchange.kind,
      trouble: trouble && [trouble.message, ...trouble.tryThis].join(' '),
      database: `${database.kind}, ${database.reachable ? 'answers' : 'does not answer'}`,
      ...{ oldestTurn, latestTurn, latestAt: latestCycleAt, secondsAgo },
      nextAt: found.nextCycleAt,
      intervalSeconds: cycleIntervalMs / 1000,
      ...{ lastFailure, lastSkipped, warnings, version },
    };
    const turns =
      latestTurn === null
        ? 'No turn is stored.'
        : `Turns ${oldestTurn} to ${latestTurn}, the newest completed ${secondsAgo} s ago.`;
    const next = data.nextAt === null ? ' What was asked runs no turns itself.' : '';
    const text = [`Exchange ${data.exchange}, database ${data.database}. ${turns}${next}`];
    return {
      text: [...text, ...(data.trouble ? [data.trouble] : []), ...warnings].join('\n'),
      data,
    };
  },
});
