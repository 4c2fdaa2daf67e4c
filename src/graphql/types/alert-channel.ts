import { Ctx, Field, ID, InputType, ObjectType } from 'type-graphql';
import { MOST_CHANNELS } from '../../alerts/channels/channel-input.js';
import type { ChannelKind, ChannelProblem, ChannelRecord } from '../../alerts/channels/channel.js';
import type { Context } from '../context.js';
import { ChannelKindEnum, ChannelProblemEnum } from '../alert-enums.js';
import { Costs, FEW } from '../field-traits.js';
import { UserError } from './payloads.js';

/** Said of the list of channels wherever it is an input. */
export const CHANNELS_DESCRIPTION = `Where its firings are told, at most ${MOST_CHANNELS}.`;

@InputType('ChannelInput', {
  description:
    'Where firings are told. Secrets are stored encrypted, and nobody is ever answered them. With an id, what is left out stays as it is stored, and a channel that is off is turned on again.',
})
export class ChannelInputType {
  @Field(() => ID, {
    nullable: true,
    description: 'Of a channel that the alert has already; without it, a new one is made.',
  })
  id?: string | null;

  @Field(() => ChannelKindEnum, { description: 'What kind of receiver it is.' })
  kind!: ChannelKind;

  @Field(() => String, { description: 'What it is called, for people: 1 to 60 characters.' })
  name!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'WEBHOOK, DISCORD, SLACK: the address, http or https. TELEGRAM: of a server of bots, given along with the token; without it, api.telegram.org. Private addresses are called only where ALERT_PRIVATE_ADDRESSES allows them.',
  })
  url?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "WEBHOOK: what messages are signed with, as Standard Webhooks has it: whsec_ and 24 to 64 bytes in base64. TELEGRAM: the bot's token.",
  })
  token?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'TELEGRAM: the number of the chat, or @ and the name of a channel.',
  })
  chat?: string | null;
}

@ObjectType('AlertChannel', { description: 'Where firings of a rule are told.' })
export class AlertChannelType {
  readonly #channel: ChannelRecord;

  constructor(channel: ChannelRecord) {
    this.#channel = channel;
  }

  @Field(() => ID, { description: 'Stays for as long as there is the channel.' })
  get id(): string {
    return this.#channel.id;
  }

  @Field(() => ChannelKindEnum, { description: 'What kind of receiver it is.' })
  get kind(): ChannelKind {
    return this.#channel.kind;
  }

  @Field(() => String, { description: 'What it is called, for people.' })
  get name(): string {
    return this.#channel.name;
  }

  @Field(() => String, { description: 'The host alone: the rest of the address is secret.' })
  get target(): string {
    return this.#channel.target;
  }

  @Field(() => Boolean, { description: 'Whether it is told anything.' })
  enabled(@Ctx() { services }: Context): boolean {
    return services.channels.stateOf(this.#channel).enabled;
  }

  @Field(() => ChannelProblemEnum, {
    nullable: true,
    description: 'Why it is told nothing; null while it is.',
  })
  problem(@Ctx() { services }: Context): ChannelProblem | null {
    return services.channels.stateOf(this.#channel).problem;
  }
}

@ObjectType('TestAlertChannelPayload', { description: 'What testAlertChannel brings.' })
export class TestAlertChannelPayload {
  @Field(() => Boolean, { description: 'Whether the receiver took the message.' })
  delivered!: boolean;

  @Field(() => String, {
    nullable: true,
    description:
      'What came back, for people, in one short line without a secret; null where nothing was sent because the channel is not there.',
  })
  answer!: string | null;

  @Costs(FEW)
  @Field(() => [UserError], { description: 'Why nothing was sent; empty where it was.' })
  userErrors!: UserError[];
}
