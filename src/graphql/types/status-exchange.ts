import { Field, Float, Int, ObjectType } from 'type-graphql';
import type { ExchangeTrouble, ExchangeTroubleCode } from '../../market/exchange-trouble.js';
import type { MarketStatus } from '../../market/market-port.js';
import { ExchangeKindEnum, ExchangeTroubleEnum } from '../enums.js';
import { Costs, FEW } from '../field-traits.js';
import { DateTime, dateOf } from '../scalars.js';

@ObjectType('ExchangeTrouble', {
  description: 'Why the exchange cannot be read at present, as this instance found it.',
})
export class ExchangeTroubleType {
  readonly #trouble: ExchangeTrouble;

  constructor(trouble: ExchangeTrouble) {
    this.#trouble = trouble;
  }

  @Field(() => ExchangeTroubleEnum, { description: 'Of what kind it is.' })
  get code(): ExchangeTroubleCode {
    return this.#trouble.code;
  }

  @Field(() => DateTime, { description: 'Since when nothing was read, whatever was found since.' })
  get since(): Date {
    return new Date(this.#trouble.since);
  }

  @Field(() => String, { description: 'What was found, in words.' })
  get message(): string {
    return this.#trouble.message;
  }

  @Costs(FEW)
  @Field(() => [String], {
    description:
      'What may be tried, in sentences, the likeliest first; empty where nothing is known to help.',
  })
  get tryThis(): readonly string[] {
    return this.#trouble.tryThis;
  }
}

@ObjectType('ExchangeStatus', { description: 'How the exchange stands.' })
export class ExchangeStatusType {
  readonly #status: MarketStatus;

  constructor(kind: keyof typeof ExchangeKindEnum, status: MarketStatus) {
    this.kind = kind;
    this.#status = status;
  }

  @Field(() => ExchangeKindEnum, { description: 'Where the prices come from.' })
  readonly kind: keyof typeof ExchangeKindEnum;

  @Field(() => Int, {
    nullable: true,
    description:
      'Request weight used in this minute, as the exchange last said; null if it never did.',
  })
  get usedWeight(): number | null {
    return this.#status.usedWeight;
  }

  @Field(() => Int, { description: 'Request weight allowed in a minute.' })
  get weightLimit(): number {
    return this.#status.weightLimit;
  }

  @Field(() => Int, {
    description: 'Request weight of one turn; at most, while what the exchange lists is not known.',
  })
  get weightPerTurn(): number {
    return this.#status.weightPerTurn;
  }

  @Field(() => DateTime, {
    nullable: true,
    description: 'Until when the exchange has told us to be silent; null if it has not.',
  })
  get bannedUntil(): Date | null {
    return dateOf(this.#status.bannedUntil);
  }

  @Field(() => Float, {
    nullable: true,
    description:
      "The exchange's clock minus ours, in milliseconds; null before it was measured, and after ours has leapt until it is measured anew.",
  })
  get clockOffsetMs(): number | null {
    return this.#status.clockOffsetMs;
  }

  @Field(() => ExchangeTroubleType, {
    nullable: true,
    description:
      'Why it cannot be read at present, and what to try; null while it can, and where another instance reads it.',
  })
  get trouble(): ExchangeTroubleType | null {
    const { trouble } = this.#status;
    return trouble ? new ExchangeTroubleType(trouble) : null;
  }
}
