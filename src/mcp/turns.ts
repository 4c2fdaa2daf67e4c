import { z } from 'zod';
import {
  LatestTurnHeadDocument,
  TurnHeadDocument,
  type TurnHeadPartsFragment,
} from '../generated/operations.js';
import { AskFailure } from './ask.js';
import type { Context } from './tool.js';

export type TurnHead = TurnHeadPartsFragment;

/** What every answer says of the turn that it is of. */
export const turnShape = z.object({
  turn: z.int().describe('The turn that all of this is of'),
  observedAt: z.string().describe('When its prices were observed, RFC 3339 UTC'),
  secondsAgo: z.number().describe('How long that is ago by the clock of this machine'),
  exchange: z
    .enum(['BINANCE', 'SIMULATED', 'REPLAY'])
    .describe('SIMULATED: made-up prices. REPLAY: a recording'),
});

/**
 * The newest stored turn, or one that is named.
 * @throws {AskFailure} where it is not stored
 */
export async function turnHead({ ask }: Context, turn: number | undefined): Promise<TurnHead> {
  if (turn !== undefined) {
    const { cycle } = await ask(TurnHeadDocument, { turn });
    if (cycle === null) throw new AskFailure(`turn ${turn} is not stored`);
    return cycle;
  }
  const { latestCycle } = await ask(LatestTurnHeadDocument, {});
  if (latestCycle === null) {
    throw new AskFailure('no turn is stored yet: has a server run on this data?');
  }
  return latestCycle;
}

export function turnData({ now }: Context, head: TurnHead): z.infer<typeof turnShape> {
  const { turn, observedAt, exchange } = head;
  return { turn, observedAt, secondsAgo: secondsSince(observedAt, now()), exchange };
}

export function secondsSince(moment: string, now: number): number {
  return Math.round((now - Date.parse(moment)) / 100) / 10;
}

const NOT_REAL: Readonly<Record<TurnHead['exchange'], string>> = {
  BINANCE: '',
  SIMULATED: ' Prices are simulated, not real.',
  REPLAY: ' Prices are those of a recording.',
};

/** The same as the last sentence of a text. */
export function turnWords(context: Context, head: TurnHead): string {
  const { turn, observedAt, secondsAgo, exchange } = turnData(context, head);
  return `Turn ${turn}, observed ${observedAt}, ${secondsAgo} s ago.${NOT_REAL[exchange]}`;
}

/** A number as people read it: six significant digits. */
export function short(value: number | null): string {
  return value === null ? 'no value' : String(Number(value.toPrecision(6)));
}

/** The age of a price in seconds. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
