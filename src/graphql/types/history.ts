import { Field, Float, Int, ObjectType } from 'type-graphql';
import { MOST_REASONS, type Gap, type GapReason } from '../../history/gap-reader.js';
import type { HistoryExtent } from '../../history/history-extent.js';
import { Costs, objects } from '../field-traits.js';
import { dateOf, DateTime } from '../scalars.js';

@ObjectType('GapReason', { description: 'Why turns of a gap were not completed.' })
class GapReasonType {
  @Field(() => String, {
    description:
      'The kind of reason, a stable word; CLOCK_STEPPED_BACK where the time of observation goes back.',
  })
  code!: string;

  @Field(() => String, { description: 'The reason in words.' })
  message!: string;

  @Field(() => Float, { description: 'How many turns were not completed for it.' })
  count!: number;
}

@ObjectType('Gap', {
  description:
    'Two stored turns, one after the other, that were observed more than three intervals apart, or go back in time.',
})
export class GapType {
  readonly #gap: Gap;

  constructor(gap: Gap) {
    this.#gap = gap;
  }

  @Field(() => Int, { description: 'The turn before it.' })
  get afterTurn(): number {
    return this.#gap.afterTurn;
  }

  @Field(() => Int, { description: 'The turn after it.' })
  get beforeTurn(): number {
    return this.#gap.beforeTurn;
  }

  @Field(() => DateTime, { description: 'observedAt of the turn before it.' })
  get from(): Date {
    return new Date(this.#gap.from);
  }

  @Field(() => DateTime, {
    description: 'observedAt of the turn after it; earlier than `from` where time goes back.',
  })
  get to(): Date {
    return new Date(this.#gap.to);
  }

  @Costs(() => objects(MOST_REASONS))
  @Field(() => [GapReasonType], {
    description: `Why turns between them were not completed, the most frequent first, ${MOST_REASONS} at most. Empty where nothing is recorded: no instance ran.`,
  })
  get reasons(): readonly GapReason[] {
    return this.#gap.reasons;
  }
}

@ObjectType('HistoryExtent', { description: 'What there is of the past.' })
export class HistoryExtentType {
  readonly #extent: HistoryExtent;

  constructor(extent: HistoryExtent) {
    this.#extent = extent;
  }

  @Field(() => Int, {
    nullable: true,
    description: 'The oldest stored turn; null if there is none.',
  })
  get oldestTurn(): number | null {
    return this.#extent.oldestTurn;
  }

  @Field(() => Int, {
    nullable: true,
    description: 'The newest stored turn; null if there is none.',
  })
  get latestTurn(): number | null {
    return this.#extent.latestTurn;
  }

  @Field(() => DateTime, {
    nullable: true,
    description:
      'The smallest stored observedAt, which the moment "start" stands for; null if there is none.',
  })
  get firstAt(): Date | null {
    return dateOf(this.#extent.firstAt);
  }

  @Field(() => DateTime, {
    nullable: true,
    description: 'The largest stored observedAt; null if there is none.',
  })
  get lastAt(): Date | null {
    return dateOf(this.#extent.lastAt);
  }

  @Field(() => Float, { description: 'How many cycles are stored.' })
  get cycles(): number {
    return this.#extent.cycles;
  }

  @Field(() => Float, {
    nullable: true,
    description:
      'How much of the disk documents, sealed blocks and their indexes take, bytes, as the database last counted; null where it does not tell.',
  })
  get bytes(): number | null {
    const { documentBytes, blockBytes } = this.#extent;
    return documentBytes === null || blockBytes === null ? null : documentBytes + blockBytes;
  }

  @Field(() => Int, {
    nullable: true,
    description:
      'Each stored turn up to this one is in a sealed block, too; null where the oldest one is not. On a database that was not sealed before, the newest are sealed first.',
  })
  get sealedThrough(): number | null {
    return this.#extent.sealedThrough;
  }

  @Field(() => DateTime, {
    nullable: true,
    description:
      'From when on there are closes that were backfilled, which series and candles show where no turn is; null if there are none.',
  })
  get backfilledFrom(): Date | null {
    return dateOf(this.#extent.backfilled?.from ?? null);
  }

  @Field(() => DateTime, { nullable: true, description: 'Until when, at most.' })
  get backfilledTo(): Date | null {
    return dateOf(this.#extent.backfilled?.to ?? null);
  }
}
