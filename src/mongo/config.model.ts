import { index, modelOptions, prop } from '@typegoose/typegoose';
import { ConfigRecord } from './cycle.model.js';

/** One version of the strategy's settings in the `config` collection; `_id` is `strategy/<version>`. */
@modelOptions({ schemaOptions: { collection: 'config', versionKey: false } })
@index({ version: 1 }, { sparse: true })
export class StrategyConfigDocument extends ConfigRecord {
  @prop({ type: String, required: true })
  _id!: string;
}

/** What the database holds, recorded at its first write in the `config` collection. */
@modelOptions({ schemaOptions: { collection: 'config', versionKey: false } })
export class OriginDocument {
  @prop({ type: String, required: true })
  _id!: 'origin';
  @prop({ type: String, required: true })
  exchange!: string;
  /** Where the prices come from: the API's address, or the recording's name. */
  @prop({ type: String, required: true })
  source!: string;
  @prop({ type: String, required: true })
  account!: string;
}

/** In the `config` collection: turns up to `purgedThrough` are never used again. */
@modelOptions({ schemaOptions: { collection: 'config', versionKey: false } })
export class TurnsDocument {
  @prop({ type: String, required: true })
  _id!: 'turns';
  @prop({ type: Number })
  purgedThrough?: number;
  @prop({ type: Number })
  cacheResets?: number;
  @prop({ type: Number })
  visibleFrom?: number;
  @prop({ type: Number })
  droppedThrough?: number;
}
