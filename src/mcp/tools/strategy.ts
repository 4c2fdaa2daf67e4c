import { z } from 'zod';
import { CycleStrategyDocument } from '../../generated/operations.js';
import { AskFailure } from '../ask.js';
import { turn } from '../inputs.js';
import { readingTool } from '../tool.js';
import { short, turnData, turnHead, turnShape, turnWords } from '../turns.js';

const figure = z.number().nullable();
const flag = z.boolean().nullable();

export const strategy = readingTool({
  name: 'get_strategy',
  title: 'What leads, and what the strategy waits for',
  description:
    "The strategy's figures at a turn: the asset that leads by its quant, since which turn, its imprint (its price now over " +
    'that when it took the lead) and luggage against what is expected, the strength of each asset, and the settings.',
  input: { turn },
  output: {
    at: turnShape,
    leadQuant: z.string().nullable().describe('The asset that leads; null: none'),
    leadSince: z.int().nullable().describe('The turn since which it leads'),
    quant: figure.describe('Of the lead, -1 to 1'),
    shift: figure,
    growth: figure.describe('Percent since the turn before'),
    imprint: figure.describe('A ratio, 1: no move'),
    luggage: figure.describe('A ratio'),
    imprintReached: flag,
    luggageReached: flag,
    settings: z.object({
      version: z.int(),
      tier: z.string(),
      mode: z.string(),
      quantBase: z.string(),
      expectedImprint: z.number(),
      expectedLuggage: z.number(),
    }),
    assets: z
      .array(z.object({ symbol: z.string(), quant: figure, strength: figure }))
      .describe('strength: mean Δ% over 24 h against the others, percent; the strongest first'),
  },
  async answer({ turn }, context) {
    const head = await turnHead(context, turn);
    const { cycle } = await context.ask(CycleStrategyDocument, { turn: head.turn });
    if (!cycle) throw new AskFailure(`turn ${head.turn} is not stored`);
    const { turn: _, grt, ...aux } = cycle.aux;
    const { updatedAt: _at, ...settings } = cycle.config;
    const assets = [...cycle.assets].sort(
      (one, other) => (other.strength ?? -Infinity) - (one.strength ?? -Infinity),
    );
    const data = { at: turnData(context, head), ...aux, growth: grt, settings, assets };
    const { leadQuant, leadSince, imprint } = aux;
    const lead =
      leadQuant === null
        ? 'No asset leads.'
        : `${leadQuant} leads since turn ${leadSince}, imprint ${short(imprint)} of ${settings.expectedImprint} expected.`;
    const strongest = assets[0]
      ? ` Strongest: ${assets[0].symbol}, ${short(assets[0].strength)} %.`
      : '';
    return { text: `${lead}${strongest} ${turnWords(context, head)}`, data };
  },
});
