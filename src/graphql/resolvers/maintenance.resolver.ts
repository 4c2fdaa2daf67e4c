import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Context } from '../context.js';
import { PurgeCyclesPayload, ResetCachePayload, UserErrorCode } from '../types/payloads.js';

@Resolver()
export class MaintenanceResolver {
  @Mutation(() => PurgeCyclesPayload, {
    description:
      'Deletes every stored cycle with its strategy figures, and what was backfilled. Keeps the settings and the turn counter: the next turn is as a first one, with the next number. Cannot be undone.',
  })
  async purgeCycles(
    @Arg('confirm', () => Boolean, { description: 'Must be true: this cannot be undone.' })
    confirm: boolean,
    @Ctx() { services }: Context,
  ): Promise<PurgeCyclesPayload> {
    if (confirm) return { deleted: await services.maintenance.purge(), userErrors: [] };
    const message = 'confirm: expected true, because what is purged cannot be brought back';
    return {
      deleted: 0,
      userErrors: [{ field: ['confirm'], message, code: UserErrorCode.NOT_CONFIRMED }],
    };
  }

  @Mutation(() => ResetCachePayload, {
    description: 'Drops the cached cycles; they are read from the database again.',
  })
  async resetCache(
    @Arg('force', () => Boolean, {
      defaultValue: false,
      description: 'Drops cycles that are not in the database yet, too.',
    })
    force: boolean,
    @Ctx() { services }: Context,
  ): Promise<ResetCachePayload> {
    const unsaved = await services.maintenance.resetCache(force);
    if (unsaved === 0) return { userErrors: [] };
    const message = `force: ${unsaved} cycles are not in the database yet; expected true to drop them, or a while for them to be stored`;
    return { userErrors: [{ field: ['force'], message, code: UserErrorCode.UNSAVED_CYCLES }] };
  }
}
