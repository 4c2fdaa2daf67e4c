import { Arg, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import { currentRules, ruleOfId } from '../alert-nodes.js';
import type { Context } from '../context.js';
import { TestAlertChannelPayload } from '../types/alert-channel.js';
import { UserErrorCode, type UserError } from '../types/payloads.js';
import { NO_SUCH_ALERT } from './alert.resolver.js';

/** Where firings are told. */
@Resolver()
export class AlertChannelResolver {
  @Mutation(() => TestAlertChannelPayload, {
    description:
      'Sends a message for a test through a channel, now and once, and says what came back within 10 seconds. Where it arrives, a channel that is off is turned on again.',
  })
  async testAlertChannel(
    @Arg('id', () => ID, { description: 'The id of the rule.' }) id: string,
    @Arg('channel', () => ID, { description: 'The id of its channel.' }) channel: string,
    @Ctx() { services, ended }: Context,
  ): Promise<TestAlertChannelPayload> {
    const key = ruleOfId(id);
    await currentRules(services);
    const rule = key === null ? null : services.alerts.book.rule(key);
    if (rule === null) return refused(NO_SUCH_ALERT);
    const found = rule.channels.find((each) => each.id === channel);
    if (!found) return refused(NO_SUCH_CHANNEL);
    const owned = { channel: found, alert: { id: rule.rule, name: rule.name } };
    const sent = await services.channels.test(owned, ended ?? new AbortController().signal);
    return { delivered: sent.outcome === 'DELIVERED', answer: sent.words, userErrors: [] };
  }
}

const NO_SUCH_CHANNEL: UserError = {
  field: ['channel'],
  message: 'channel: the alert has no such channel',
  code: UserErrorCode.NOT_FOUND,
};

function refused(error: UserError): TestAlertChannelPayload {
  return { delivered: false, answer: null, userErrors: [error] };
}
