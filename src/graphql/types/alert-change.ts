import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { Costs, FEW } from '../field-traits.js';
import { SpanText } from '../scalars.js';
import { ConditionInput, LineInput } from './alert-input.js';
import { CHANNELS_DESCRIPTION, ChannelInputType } from './alert-channel.js';
import { AlertType } from './alert.js';
import { UserError } from './payloads.js';

@InputType('UpdateAlertInput', {
  description:
    'What to change of a rule. Omitted fields stay; null is refused, but for `cooldown`. Another line or condition, and enabling, have it begin anew, as not true; it keeps its truth and its cooldown otherwise.',
})
export class UpdateAlertInput {
  @Field(() => String, { nullable: true, description: 'What it is called: 1 to 100 characters.' })
  name?: string | null;

  @Field(() => LineInput, { nullable: true, description: 'What is watched.' })
  line?: LineInput | null;

  @Field(() => ConditionInput, { nullable: true, description: 'What for.' })
  condition?: ConditionInput | null;

  @Field(() => SpanText, {
    nullable: true,
    description:
      'How far apart firings are at least, by observedAt; null: they may follow each other.',
  })
  cooldown?: string | null;

  @Field(() => [ChannelInputType], {
    nullable: true,
    description: `${CHANNELS_DESCRIPTION} In place of all that it has: those that are not named by their ids are deleted.`,
  })
  channels?: ChannelInputType[] | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it is watched for.' })
  enabled?: boolean | null;
}

@ObjectType('AlertPayload', { description: 'What createAlert and updateAlert bring.' })
export class AlertPayload {
  @Field(() => AlertType, {
    nullable: true,
    description: 'The rule as it is now; null where the input was refused.',
  })
  alert!: AlertType | null;

  @Costs(FEW)
  @Field(() => [UserError], {
    description: 'What is wrong with the input; empty where nothing is.',
  })
  userErrors!: UserError[];
}

@ObjectType('DeleteAlertPayload', { description: 'What deleteAlert brings.' })
export class DeleteAlertPayload {
  @Field(() => ID, {
    nullable: true,
    description: 'The id of the rule that is gone; null: none is.',
  })
  deletedId!: string | null;

  @Costs(FEW)
  @Field(() => [UserError], { description: 'Why nothing was deleted; empty where it was.' })
  userErrors!: UserError[];
}
