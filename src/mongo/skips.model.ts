import { index, modelOptions, prop } from '@typegoose/typegoose';

export const SKIP_COLLECTION = 'skipped_turns';

/**
 * A run of turns that were not completed for one reason, one after another, as one instance saw it;
 * extended in place. Times are that instance's clock.
 */
@modelOptions({ schemaOptions: { collection: SKIP_COLLECTION, versionKey: false } })
@index({ afterTurn: 1 })
export class SkipDocument {
  @prop({ type: String, required: true })
  _id!: string;
  /** When the first and the last of them ended. */
  @prop({ type: Date, required: true })
  from!: Date;
  @prop({ type: Date, required: true })
  to!: Date;
  /** The last turn that was stored before them; 0 where there was none. */
  @prop({ type: Number, required: true })
  afterTurn!: number;
  @prop({ type: String, required: true })
  code!: string;
  /** What happened, in words. */
  @prop({ type: String, required: true })
  message!: string;
  /** How many turns they were. */
  @prop({ type: Number, required: true })
  count!: number;
}
