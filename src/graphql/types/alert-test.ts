import { Field, Float, Int, ObjectType } from 'type-graphql';
import type { DryRunData } from '../../alerts/dry-run.js';
import { MOST_FIRINGS, type Firing } from '../../alerts/rule-run.js';
import { Costs, objects } from '../field-traits.js';

@ObjectType('TestedFiring', { description: 'A turn at which a rule would have fired.' })
export class TestedFiringType {
  @Field(() => Int, { description: 'The turn.' })
  readonly turn: number;

  @Field(() => Date, { description: 'When it was observed, by the clock of the exchange.' })
  readonly observedAt: Date;

  @Field(() => Float, { description: 'The value of the line, in its unit.' })
  readonly value: number;

  constructor({ turn, observedAt, value }: Firing) {
    this.turn = turn;
    this.observedAt = new Date(observedAt);
    this.value = value;
  }
}

@ObjectType('AlertTest', {
  description:
    'What a rule would have fired over a range of time, had it been saved just before it. Nothing of it is stored, or sent to anybody.',
})
export class AlertTestType {
  readonly #data: DryRunData;

  constructor(data: DryRunData) {
    this.#data = data;
  }

  @Field(() => Int, { description: 'How many firings there would have been.' })
  get total(): number {
    return this.#data.total;
  }

  @Costs(() => objects(MOST_FIRINGS))
  @Field(() => [TestedFiringType], {
    description: `The newest of them, at most ${MOST_FIRINGS}, newest last.`,
  })
  get firings(): readonly TestedFiringType[] {
    return this.#data.firings.map((firing) => new TestedFiringType(firing));
  }
}
