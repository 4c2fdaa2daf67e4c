import { Arg, Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { WindowKind } from '../../domain/window/window-matrix.js';
import { throwForCaller } from '../asked-lines.js';
import { CellArguments, cellsAsked, readCells } from '../cell-arguments.js';
import type { Context } from '../context.js';
import { WindowKindEnum } from '../enums.js';
import { Costs, objects, ReadsCycles } from '../field-traits.js';
import { CycleType } from '../types/cycle.js';
import { pricingAsset } from '../types/wallet.js';
import { WindowMatrixType } from '../types/window-matrix.js';
import {
  bucketsAsked,
  BUCKETS_OF_A_CYCLE,
  readWindow,
  WindowArguments,
} from '../window-arguments.js';

/** How many products of returns take as long as a value. */
const PRODUCTS_OF_A_VALUE = 100;

/** What a cycle sees of the turns before it. */
@Resolver(() => CycleType)
export class WindowResolver {
  @ReadsCycles((args) => Math.ceil(bucketsAsked(args) / BUCKETS_OF_A_CYCLE))
  @Costs((args, place) => ({
    ...objects(1),
    values: 1 + Math.ceil((place.universeSize ** 2 * bucketsAsked(args)) / PRODUCTS_OF_A_VALUE),
    cells: cellsAsked(args, place),
  }))
  @FieldResolver(() => WindowMatrixType, {
    nullable: true,
    description:
      'Correlation, covariance or beta of the logarithmic returns of assets over the whole buckets that end at or before observedAt: of the last price in `in` of each bucket against that of the bucket before, by turns up to this one. It stays the same until the next bucket closes.',
  })
  async windowMatrix(
    @Root() { figures, loaders }: CycleType,
    @Arg('kind', () => WindowKindEnum, { description: 'What is made of the returns.' })
    kind: WindowKind,
    @Args(() => WindowArguments) window: WindowArguments,
    @Arg('in', () => String, {
      nullable: true,
      description:
        "The asset that all are priced in, of the universe; without it, the cycle's quant base.",
    })
    asked: string | null | undefined,
    @Args(() => CellArguments) cells: CellArguments,
    @Ctx() { services, pace }: Context,
  ): Promise<WindowMatrixType> {
    const { cycle } = figures;
    const shown = readCells(cells, cycle.universe);
    const numeraire = pricingAsset(figures, asked);
    const request = { cycle, numeraire, ...readWindow(window) };
    const matrices = await services.windows
      .read(request, loaders.windowBudget, pace)
      .catch(throwForCaller);
    return new WindowMatrixType({ matrices, kind, numeraire, ...shown });
  }
}
