import { modelOptions, prop } from '@typegoose/typegoose';

export const BACKFILLED_DAYS_COLLECTION = 'backfilled_days';
export const BACKFILLED_PAIRS_COLLECTION = 'backfilled_pairs';

/** The closes of a pair over a day, one a minute, as the exchange told them afterwards. */
@modelOptions({ schemaOptions: { collection: BACKFILLED_DAYS_COLLECTION, versionKey: false } })
export class BackfilledDayDocument {
  /** `<day>/<symbol>/<base>/<quote>`, the day as `2024-01-31`. */
  @prop({ type: String, required: true })
  _id!: string;
  /** The minutes of the day that were asked for: half-open, counted from midnight. */
  @prop({ type: Number, required: true })
  from!: number;
  @prop({ type: Number, required: true })
  to!: number;
  /** How many of them could not be read. */
  @prop({ type: Number, required: true })
  faults!: number;
  /** How many of them have a close. */
  @prop({ type: Number, required: true })
  count!: number;
  /** A close for each of them, packed as `src/history/blocks/column.ts` has it. */
  @prop({ type: Buffer, required: true })
  closes!: Uint8Array;
}

/** A pair that there are such days of. */
@modelOptions({ schemaOptions: { collection: BACKFILLED_PAIRS_COLLECTION, versionKey: false } })
export class BackfilledPairDocument {
  /** `<symbol>/<base>/<quote>` */
  @prop({ type: String, required: true })
  _id!: string;
  @prop({ type: String, required: true })
  symbol!: string;
  @prop({ type: String, required: true })
  base!: string;
  @prop({ type: String, required: true })
  quote!: string;
  /** From when to when minutes were asked for, at most. */
  @prop({ type: Date, required: true })
  from!: Date;
  @prop({ type: Date, required: true })
  to!: Date;
}
