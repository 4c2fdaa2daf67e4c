import { index, modelOptions, prop } from '@typegoose/typegoose';
import type { HealthKind } from '../domain/alerts/health.js';

export const NOTICES_COLLECTION = 'health_notices';

/** Something that was wrong, as all instances saw it. Times are the clock of whoever saw it. */
@modelOptions({ schemaOptions: { collection: NOTICES_COLLECTION, versionKey: false } })
@index({ since: 1 })
export class NoticeDocument {
  /** The kind, and since which turn or moment: the same in every instance. */
  @prop({ type: String, required: true })
  _id!: string;
  @prop({ type: String, required: true })
  kind!: HealthKind;
  /** When the first instance saw it. */
  @prop({ type: Date, required: true })
  since!: Date;
  /** When it was over; not there while it is not. */
  @prop({ type: Date })
  until?: Date;
  /** For people. */
  @prop({ type: String, required: true })
  words!: string;
}
