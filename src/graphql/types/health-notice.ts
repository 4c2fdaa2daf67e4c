import { Field, ID, ObjectType } from 'type-graphql';
import type { HealthKind, HealthNotice } from '../../domain/alerts/health.js';
import { HealthKindEnum } from '../alert-enums.js';
import { DateTime } from '../scalars.js';

@ObjectType('HealthNotice', {
  description:
    'Something that was wrong with the engine, and was told through the channels of all enabled rules as it began and as it ended. It needs no cycle.',
})
export class HealthNoticeType {
  readonly #notice: HealthNotice;

  constructor(notice: HealthNotice) {
    this.#notice = notice;
  }

  @Field(() => ID, {
    description:
      'Of what kind it is, and since which turn or moment: the same in every instance. What is told has it as `data.notice.id`.',
  })
  get id(): string {
    return this.#notice.id;
  }

  @Field(() => HealthKindEnum, { description: 'What was wrong.' })
  get kind(): HealthKind {
    return this.#notice.kind;
  }

  @Field(() => DateTime, {
    description: 'Since when, by the clock of the first instance that saw it.',
  })
  get since(): Date {
    return new Date(this.#notice.since);
  }

  @Field(() => DateTime, {
    nullable: true,
    description: 'Until when; null while it lasts.',
  })
  get until(): Date | null {
    const { until } = this.#notice;
    return until === null ? null : new Date(until);
  }

  @Field(() => String, { description: 'What happened, for people, as it began.' })
  get message(): string {
    return this.#notice.words;
  }
}
