import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import { SeriesFault } from '../../history/series-fault.js';
import { InputFault, readRule } from '../alert-input.js';
import { readMoment } from '../arguments.js';
import type { Context } from '../context.js';
import { badUserInput } from '../errors.js';
import { ByTurn, Costs, ReadsCycles, type Arguments, type FieldCost } from '../field-traits.js';
import { OfNamedRange, readToEnd } from '../named-range.js';
import { MomentText } from '../scalars.js';
import { AlertInput } from '../types/alert-input.js';
import { AlertTestType } from '../types/alert-test.js';

/** What a run counts: whatever it is asked for, it may take seconds, so that a request may have some and not hundreds. */
const FIELDS_OF_A_RUN = 15_000;
/** The values of a run over a window: each turn may see another one. */
const VALUES_OF_WINDOWS = 220_000;

/** What rules would have fired. */
@Resolver()
export class AlertTestResolver {
  @ByTurn()
  @OfNamedRange
  // It waits for a place as all that reads history does; what it reads is counted once the range is known.
  @ReadsCycles(() => 1)
  @Costs(costOfRun)
  @Query(() => AlertTestType, {
    nullable: true,
    description:
      'What a rule would have fired over a range of time, had it been saved just before it: by the same code as what is watched for live. It goes through all turns from the first that was observed in the range to the last, and nothing is saved.',
  })
  async testAlert(
    @Ctx() context: Context,
    @Arg('input', () => AlertInput, { description: 'The rule.' }) input: AlertInput,
    @Arg('from', () => MomentText, { description: 'Where the range begins, by observedAt.' })
    from: string,
    @Arg('to', () => MomentText, {
      defaultValue: 'now',
      description: 'Where it ends: not within it.',
    })
    to: string,
  ): Promise<AlertTestType> {
    const rule = readRule(input);
    if (rule instanceof InputFault) throw badUserInput(rule.below('input').argument, rule.words);
    const request = { rule, from: readMoment(from, 'from'), to: readMoment(to, 'to') };
    const run = context.services.dryRun.read(request, context.pace).catch(belowInput);
    return new AlertTestType(await readToEnd(context, run));
  }
}

function costOfRun({ input }: Arguments): FieldCost {
  const { line } = (input ?? {}) as Partial<AlertInput>;
  const isOfWindow = line?.kind === 'WINDOW' || line?.figure === 'VOLATILITY';
  const values = isOfWindow ? VALUES_OF_WINDOWS : FIELDS_OF_A_RUN;
  return { values, fields: FIELDS_OF_A_RUN, times: 1 };
}

/** What is wrong with a part of the rule is said of the argument that it came with. */
function belowInput(error: unknown): never {
  if (!(error instanceof SeriesFault) || !error.argument.startsWith('line.')) throw error;
  throw new SeriesFault(`input.${error.argument}`, error.words, error.limit);
}
