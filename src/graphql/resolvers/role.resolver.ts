import { Ctx, Query, Resolver } from 'type-graphql';
import type { Context } from '../context.js';
import { RoleEnum } from '../enums.js';

@Resolver()
export class RoleResolver {
  @Query(() => RoleEnum, { description: 'What the caller may do.' })
  role(@Ctx() { viewer }: Context): keyof typeof RoleEnum {
    return viewer.role === 'operator' ? 'OPERATOR' : 'VIEWER';
  }
}
