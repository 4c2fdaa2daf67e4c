import { Ctx, Field, Float, Int, ObjectType } from 'type-graphql';
import type { Firing } from '../../alerts/firing-store.js';
import type { Context } from '../context.js';
import { Costs, FEW } from '../field-traits.js';
import { DateTime } from '../scalars.js';
import { AlertType } from './alert.js';
import { PageInfoType } from './connection.js';
import { NodeInterface } from './node.js';

@ObjectType('AlertFiring', {
  implements: NodeInterface,
  description:
    'A turn at which a rule fired. It stays where the turn is purged, and where the rule is deleted.',
})
export class AlertFiringType extends NodeInterface {
  readonly typename = 'AlertFiring';
  readonly #firing: Firing;

  constructor(firing: Firing) {
    super();
    this.#firing = firing;
  }

  protected override get key(): string {
    const { rule, version, turn } = this.#firing;
    return `${rule}/${version}/${turn}`;
  }

  @Field(() => AlertType, {
    nullable: true,
    description: 'The rule as it is; null where it was deleted since.',
  })
  alert(@Ctx() { services }: Context): AlertType | null {
    const rule = services.alerts.book.rule(this.#firing.rule);
    return rule && new AlertType(rule);
  }

  @Field(() => Int, { description: 'The version of the rule that fired.' })
  get version(): number {
    return this.#firing.version;
  }

  @Field(() => Int, { description: 'The turn.' })
  get turn(): number {
    return this.#firing.turn;
  }

  @Field(() => DateTime, { description: 'When the turn was observed.' })
  get observedAt(): Date {
    return new Date(this.#firing.observedAt);
  }

  @Field(() => Float, { description: 'What the line was, in its units.' })
  get value(): number {
    return this.#firing.value;
  }
}

@ObjectType('AlertFiringEdge', { description: 'A firing in a list.' })
export class AlertFiringEdgeType {
  @Field(() => String, { description: 'Stands for this place in the list; opaque.' })
  readonly cursor: string;

  @Field(() => AlertFiringType, { description: 'The firing.' })
  readonly node: AlertFiringType;

  constructor(cursor: string, node: AlertFiringType) {
    this.cursor = cursor;
    this.node = node;
  }
}

@ObjectType('AlertFiringConnection', {
  description: 'A page of firings, newest first: by turn, and of the same turn by rule.',
})
export class AlertFiringConnectionType {
  // They are counted where the page is asked for.
  @Costs(FEW)
  @Field(() => [AlertFiringEdgeType], { description: 'The firings with their cursors.' })
  readonly edges: readonly AlertFiringEdgeType[];

  @Field(() => PageInfoType, { description: 'Where the page stands.' })
  readonly pageInfo: PageInfoType;

  constructor(edges: readonly AlertFiringEdgeType[], pageInfo: PageInfoType) {
    this.edges = edges;
    this.pageInfo = pageInfo;
  }

  @Costs(FEW)
  @Field(() => [AlertFiringType], { description: 'The firings alone.' })
  get nodes(): AlertFiringType[] {
    return this.edges.map(({ node }) => node);
  }
}
