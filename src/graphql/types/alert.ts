import { Ctx, Field, Float, Int, ObjectType } from 'type-graphql';
import type { StoredVersion } from '../../alerts/rule-store.js';
import type { Condition } from '../../domain/alerts/condition.js';
import { assetsOf, type Line } from '../../domain/series/line.js';
import { formatSpan } from '../../domain/series/span.js';
import type { Context } from '../context.js';
import { LineKindEnum } from '../alert-enums.js';
import { MatrixKindEnum, RatePriceEnum, WindowKindEnum } from '../enums.js';
import { AssetFigureEnum, ConsistencyFigureEnum, StrategyFigureEnum } from '../series-enums.js';
import { SpanText } from '../scalars.js';
import { Costs, FEW } from '../field-traits.js';
import { AlertChannelType } from './alert-channel.js';
import { NodeInterface } from './node.js';

/** What a line is made of, whichever kind it is. */
type AnyLine = Line & {
  readonly [Part in 'matrix' | 'base' | 'quote' | 'asset' | 'in' | 'window' | 'lag' | 'figure']?:
    | string
    | number
    | null;
};

@ObjectType('AlertLine', {
  description: 'The line that a rule watches, as LineInput says it; null what it is not said by.',
})
export class AlertLineType {
  readonly #line: AnyLine;

  constructor(line: Line) {
    this.#line = line;
  }

  @Field(() => LineKindEnum, { description: 'What its number is of.' })
  get kind(): Line['kind'] {
    return this.#line.kind;
  }

  @Field(() => MatrixKindEnum, { nullable: true, description: 'CELL: of which matrix.' })
  get matrix() {
    return this.#line.matrix ?? null;
  }

  @Field(() => String, { nullable: true, description: 'CELL, WINDOW: the base asset.' })
  get base() {
    return this.#line.base ?? null;
  }

  @Field(() => String, { nullable: true, description: 'CELL, WINDOW: the quote asset.' })
  get quote() {
    return this.#line.quote ?? null;
  }

  @Field(() => RatePriceEnum, {
    nullable: true,
    description: 'At which prices, where it is made of rates: LAST where that is left out.',
  })
  get price() {
    return this.#trade?.price ?? null;
  }

  @Field(() => Float, {
    nullable: true,
    description: 'With price TAKE: what each leg costs, basis points.',
  })
  get feeBps(): number | null {
    return this.#trade?.price === 'TAKE' ? this.#trade.feeBps : null;
  }

  @Field(() => String, { nullable: true, description: 'ASSET, BALANCE: which asset.' })
  get asset() {
    return this.#line.asset ?? null;
  }

  @Field(() => AssetFigureEnum, { nullable: true, description: 'ASSET: which of its figures.' })
  get figure() {
    return this.#line.kind === 'ASSET' ? this.#line.figure : null;
  }

  @Field(() => String, { nullable: true, description: 'The asset that it is priced in.' })
  get in() {
    return this.#line.in ?? null;
  }

  @Field(() => StrategyFigureEnum, { nullable: true, description: 'STRATEGY: which figure.' })
  get strategy() {
    return this.#line.kind === 'STRATEGY' ? this.#line.figure : null;
  }

  @Field(() => ConsistencyFigureEnum, { nullable: true, description: 'CONSISTENCY: which figure.' })
  get consistency() {
    return this.#line.kind === 'CONSISTENCY' ? this.#line.figure : null;
  }

  @Field(() => WindowKindEnum, { nullable: true, description: 'WINDOW: which figure.' })
  get window() {
    return this.#line.window ?? null;
  }

  @Field(() => SpanText, { nullable: true, description: 'How long its window is.' })
  get over(): string | null {
    return 'over' in this.#line ? formatSpan(this.#line.over) : null;
  }

  @Field(() => SpanText, { nullable: true, description: 'How long a bucket of its window is.' })
  get step(): string | null {
    return 'step' in this.#line ? formatSpan(this.#line.step) : null;
  }

  @Field(() => Int, {
    nullable: true,
    description: 'WINDOW: how many buckets earlier the returns of the quote are taken.',
  })
  get lag() {
    return this.#line.lag ?? null;
  }

  get #trade() {
    return 'trade' in this.#line ? this.#line.trade : undefined;
  }
}

@ObjectType('AlertCondition', {
  description: 'What a rule watches for, as ConditionInput says it; null what it is not said by.',
})
export class AlertConditionType {
  readonly #condition: Condition;

  constructor(condition: Condition) {
    this.#condition = condition;
  }

  @Field(() => Float, { nullable: true, description: 'v > above, in units of the line.' })
  get above(): number | null {
    return this.#level('ABOVE');
  }

  @Field(() => Float, { nullable: true, description: 'v < below, in units of the line.' })
  get below(): number | null {
    return this.#level('BELOW');
  }

  @Field(() => Float, {
    nullable: true,
    description: 'A level that v comes to the other side of, in units of the line.',
  })
  get crosses(): number | null {
    return this.#level('CROSSES');
  }

  @Field(() => Float, { nullable: true, description: 'By how much v moves, percent.' })
  get movesPercent(): number | null {
    return this.#condition.kind === 'MOVES' ? this.#condition.percent : null;
  }

  @Field(() => SpanText, { nullable: true, description: 'movesPercent: over how long.' })
  get within(): string | null {
    return this.#condition.kind === 'MOVES' ? formatSpan(this.#condition.within) : null;
  }

  #level(kind: Condition['kind']): number | null {
    const condition = this.#condition;
    return condition.kind === kind && condition.kind !== 'MOVES' ? condition.level : null;
  }
}

@ObjectType('Alert', {
  implements: NodeInterface,
  description: 'A rule that watches a line, and fires.',
})
export class AlertType extends NodeInterface {
  readonly typename = 'Alert';
  readonly #rule: StoredVersion;

  constructor(rule: StoredVersion) {
    super();
    this.#rule = rule;
  }

  protected override get key(): string {
    return this.#rule.rule;
  }

  @Field(() => String, { description: 'What it is called, for people.' })
  get name(): string {
    return this.#rule.name;
  }

  @Field(() => Int, {
    description:
      'Counts 1, 2, 3, … with every change. A version counts from the first turn on that is stored after it was saved.',
  })
  get version(): number {
    return this.#rule.version;
  }

  @Costs(FEW)
  @Field(() => [AlertChannelType], { description: 'Where its firings are told.' })
  get channels(): AlertChannelType[] {
    return this.#rule.channels.map((channel) => new AlertChannelType(channel));
  }

  @Field(() => AlertLineType, { description: 'What is watched.' })
  get line(): AlertLineType {
    return new AlertLineType(this.#rule.line);
  }

  @Field(() => AlertConditionType, { description: 'What for.' })
  get condition(): AlertConditionType {
    return new AlertConditionType(this.#rule.condition);
  }

  @Field(() => SpanText, {
    nullable: true,
    description:
      'How far apart firings are at least, by observedAt; null: they may follow each other.',
  })
  get cooldown(): string | null {
    const { cooldown } = this.#rule;
    return cooldown === 0 ? null : formatSpan(cooldown);
  }

  @Field(() => Boolean, { description: 'Whether it is watched for.' })
  get enabled(): boolean {
    return this.#rule.isEnabled;
  }

  @Field(() => String, {
    nullable: true,
    description:
      'Why it cannot be judged at present, in words; it stays, and fires once it can be again. Null where it can.',
  })
  problem(@Ctx() { services }: Context): string | null {
    const missing = assetsOf(this.#rule.line).filter((asset) => !services.universe.includes(asset));
    if (missing.length === 0) return null;
    return `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not in the universe (ASSETS): the line has no value`;
  }
}
