import { Arg, Ctx, ID, Int, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import { MOST_RULES } from '../../alerts/alert-rules.js';
import type { Firing } from '../../alerts/firing-store.js';
import { abortable } from '../../async/abortable.js';
import { unlessAway } from '../../history/database-unavailable.js';
import { changedContent, contentOf } from '../alert-content.js';
import { InputFault } from '../alert-input.js';
import { alertOf, currentRules, placeOfId, ruleOfId } from '../alert-nodes.js';
import type { Context } from '../context.js';
import { DEFAULT_PAGE } from '../cycle-page.js';
import { badUserInput } from '../errors.js';
import { Costs, numberOf, objects, type Arguments } from '../field-traits.js';
import { readFiringPage } from '../firing-page.js';
import { AlertPayload, DeleteAlertPayload, UpdateAlertInput } from '../types/alert-change.js';
import { AlertFiringConnectionType, AlertFiringType } from '../types/alert-firing.js';
import { AlertInput } from '../types/alert-input.js';
import { AlertType } from '../types/alert.js';
import { UserErrorCode, type UserError } from '../types/payloads.js';

/** Rules, and what they have fired. They change without a turn. */
@Resolver()
export class AlertResolver {
  @Costs(() => objects(MOST_RULES))
  @Query(() => [AlertType], {
    nullable: true,
    description:
      'The rules, in the order in which they were made; while the database is away, as they were last known.',
  })
  async alerts(@Ctx() { services }: Context): Promise<AlertType[]> {
    return (await currentRules(services)).map((rule) => new AlertType(rule));
  }

  @Query(() => AlertType, {
    nullable: true,
    description: 'One rule; null where there is none, or it was deleted.',
  })
  async alert(
    @Arg('id', () => ID, { description: 'The id of the rule.' }) id: string,
    @Ctx() { services }: Context,
  ): Promise<AlertType | null> {
    const rule = ruleOfId(id);
    return rule === null ? null : alertOf(rule, services);
  }

  @Costs((args) => objects(pageOf(args)))
  @Query(() => AlertFiringConnectionType, {
    nullable: true,
    description:
      'What rules have fired, newest first: also those that were deleted, and at turns that are no longer stored. `first` or `last`, up to 100, not both; default first: 20.',
  })
  async alertFirings(
    @Ctx() { services }: Context,
    @Arg('alert', () => ID, { nullable: true, description: 'Of this rule alone; it may be gone.' })
    alert?: string | null,
    @Arg('first', () => Int, {
      nullable: true,
      description: 'How many, counted from the newest (or from `after`): 1 to 100.',
    })
    first?: number | null,
    @Arg('after', () => String, {
      nullable: true,
      description: 'A cursor: only firings after it in the list, which are older.',
    })
    after?: string | null,
    @Arg('last', () => Int, {
      nullable: true,
      description: 'How many, counted from the oldest (or from `before`): 1 to 100.',
    })
    last?: number | null,
    @Arg('before', () => String, {
      nullable: true,
      description: 'A cursor: only firings before it in the list, which are newer.',
    })
    before?: string | null,
  ): Promise<AlertFiringConnectionType> {
    const page = await readFiringPage({ alert, first, after, last, before }, services);
    await currentRules(services);
    return page;
  }

  @Mutation(() => AlertPayload, {
    description: `Makes a rule. It begins after the latest turn that is stored then, as not true. There may be ${MOST_RULES}.`,
  })
  async createAlert(
    @Arg('input', () => AlertInput, { description: 'The rule.' }) input: AlertInput,
    @Ctx() { services }: Context,
  ): Promise<AlertPayload> {
    const content = await contentOf(input, services);
    if (content instanceof InputFault) return refusedFor(content);
    const rule = await services.alerts.rules.create(content);
    if (rule) return { alert: new AlertType(rule), userErrors: [] };
    const message = `there are ${MOST_RULES} rules, as many as there may be: delete one first`;
    return refused({ field: null, message, code: UserErrorCode.TOO_MANY });
  }

  @Mutation(() => AlertPayload, {
    description:
      'Changes a rule, as a new version that counts after the latest turn that is stored then. A change that changes nothing makes no version.',
  })
  async updateAlert(
    @Arg('id', () => ID, { description: 'The id of the rule.' }) id: string,
    @Arg('input', () => UpdateAlertInput, { description: 'What to change.' })
    input: UpdateAlertInput,
    @Ctx() { services }: Context,
  ): Promise<AlertPayload> {
    const rule = ruleOfId(id);
    const update =
      rule === null
        ? null
        : await services.alerts.rules.update<Refusal>(rule, async (before) => {
            const content = await changedContent(input, before, services);
            return content instanceof InputFault ? { ok: false, content } : { ok: true, content };
          });
    if (update === null) return refused(NO_SUCH_ALERT);
    if (!update.ok) return refusedFor(update.content);
    // One that is given anew begins anew.
    if (input.channels) await services.channels.revive(update.rule.channels);
    return { alert: new AlertType(update.rule), userErrors: [] };
  }

  @Mutation(() => DeleteAlertPayload, {
    description: 'Deletes a rule, with its channels and their secrets. Its firings stay.',
  })
  async deleteAlert(
    @Arg('id', () => ID, { description: 'The id of the rule.' }) id: string,
    @Ctx() { services }: Context,
  ): Promise<DeleteAlertPayload> {
    const rule = ruleOfId(id);
    const isDeleted = rule !== null && (await services.alerts.rules.delete(rule));
    if (isDeleted) return { deletedId: id, userErrors: [] };
    return { deletedId: null, userErrors: [NO_SUCH_ALERT] };
  }

  @Subscription(() => AlertFiringType, {
    description:
      'What rules fire, in the order of turns, and of the same turn of rules: from now on, or after a firing that the caller has; no gap, no repeat. A firing comes after its turn was sent. Where the database was put back, and a firing that was sent is of a turn that is not stored so, the socket is closed with 4510: begin anew.',
    subscribe: followFirings,
  })
  async alertFired(
    @Root() firing: Firing,
    @Ctx() { services }: Context,
    @Arg('after', () => ID, {
      nullable: true,
      description: 'The last firing that the caller has; without it, only firings from now on.',
    })
    _after?: string | null,
  ): Promise<AlertFiringType> {
    await currentRules(services);
    return new AlertFiringType(firing);
  }
}

/** @throws BAD_USER_INPUT for what is no firing, or was taken back */
async function followFirings({
  args: { after },
  context: { services },
}: {
  readonly args: { readonly after?: string | null };
  readonly context: Context;
}): Promise<AsyncIterable<Firing>> {
  const { feed, firings } = services.alerts;
  if (after === null || after === undefined) {
    const now = await feed.now();
    return abortable((signal) => feed.follow(now, 0, signal));
  }
  const place = placeOfId(after);
  // Another instance may be a turn ahead of this one: what is stored tells. Nothing is given while it is away.
  const isKnown = place !== null && (await unlessAway(firings.one(place), () => true)) !== null;
  if (!isKnown) {
    throw badUserInput('after', 'expected the id of a firing');
  }
  return abortable((signal) => feed.follow(place, place.turn, signal));
}

interface Refusal {
  readonly ok: false;
  readonly content: InputFault;
}

export const NO_SUCH_ALERT: UserError = {
  field: ['id'],
  message: 'id: there is no such alert',
  code: UserErrorCode.NOT_FOUND,
};

function refusedFor(fault: InputFault): AlertPayload {
  const { path, argument, words } = fault.below('input');
  return refused({
    field: [...path],
    message: `${argument}: ${words}`,
    code: UserErrorCode.INVALID,
  });
}

function refused(error: UserError): AlertPayload {
  return { alert: null, userErrors: [error] };
}

/** How many firings a page is asked to have. */
function pageOf({ first, last }: Arguments): number {
  return numberOf(first, numberOf(last, DEFAULT_PAGE));
}
