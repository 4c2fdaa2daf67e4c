import { AddressRule } from '../alerts/channels/address-rule.js';
import { RuleChannels } from '../alerts/channels/channel-book.js';
import { ChannelStandings } from '../alerts/channels/channel-standings.js';
import { Channels } from '../alerts/channels/channels.js';
import { Deliverer } from '../alerts/channels/deliverer.js';
import type { Addition } from '../alerts/channels/delivery-store.js';
import { messageOf } from '../alerts/channels/firing-messages.js';
import type { AlertMessage } from '../alerts/channels/message.js';
import { Outgoing } from '../alerts/channels/outgoing.js';
import { resolveByNameServers } from '../alerts/channels/resolving.js';
import { SecretSeal } from '../alerts/channels/secret-seal.js';
import { Sender } from '../alerts/channels/sender.js';
import type { Firing } from '../alerts/firing-store.js';
import type { RuleBook } from '../alerts/rule-book.js';
import type { Config } from '../config.js';
import { AlertFiringType } from '../graphql/types/alert-firing.js';
import type { Logger } from '../log.js';
import type { OpenDatabase } from '../open-database.js';
import type { Clock } from '../time/clock.js';
import { plainLease } from './plain-lease.js';

interface DeliveryParts {
  readonly config: Pick<Config, 'alerts'>;
  readonly clock: Clock;
  readonly log: Logger;
  /** The name of this instance. */
  readonly instance: string;
  readonly database: Pick<OpenDatabase, 'outbox'>;
}

/** What tells people of firings. Nothing of it runs yet. */
export interface Delivery {
  readonly channels: Channels;
  readonly deliverer: Deliverer;
  readonly sender: Sender;
  readonly seal: SecretSeal;
  /** Has firings told through the channels of their rules. @throws {DatabaseUnavailableError} */
  tell(firings: readonly Firing[]): Promise<void>;
}

export function buildDelivery(
  { config, clock, log, instance, database }: DeliveryParts,
  rules: RuleBook,
): Delivery {
  const now = (): number => clock.now();
  const { deliveries: store, lock } = database.outbox;
  const seal = new SecretSeal(config.alerts.secretKey);
  const addresses = new AddressRule(config.alerts.privateAddresses);
  const outgoing = new Outgoing({ addresses, resolve: resolveByNameServers });
  const sender = new Sender({ seal, outgoing, now });
  const book = new RuleChannels(rules);
  const standings = new ChannelStandings({ store, seal, now });
  const deliverer = new Deliverer({
    ...{ store, book, standings, sender, log, now },
    lock: plainLease(lock, instance),
  });
  return {
    channels: new Channels({ book, standings, sender, seal, addresses, now }),
    ...{ deliverer, sender, seal },
    tell(firings) {
      return deliverer.enqueue(additionsOf(firings, rules));
    },
  };
}

/** What firings have to be told, in their order, through the channels of their rules. */
function additionsOf(firings: readonly Firing[], rules: RuleBook): Addition[] {
  const additions = new Map<string, AlertMessage[]>();
  for (const firing of firings) {
    const rule = rules.rule(firing.rule);
    if (rule === null || rule.channels.length === 0) continue;
    // The rule may say something else since.
    const fired = rules.version(firing.rule, firing.version) ?? rule;
    const message = messageOf(firing, fired, new AlertFiringType(firing).id);
    for (const { id } of rule.channels) {
      const messages = additions.get(id);
      if (messages) messages.push(message);
      else additions.set(id, [message]);
    }
  }
  return [...additions].map(([channel, messages]) => ({ channel, messages }));
}
