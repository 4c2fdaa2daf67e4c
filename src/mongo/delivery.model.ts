import { index, modelOptions, mongoose, prop, Severity } from '@typegoose/typegoose';
import type { AlertMessage } from '../alerts/channels/message.js';

/** The collections of messages on their way, and of how the channels stand. */
export const DELIVERIES_COLLECTION = 'alert_deliveries';
export const CHANNELS_COLLECTION = 'alert_channels';

/** A message for a channel; what is left of it once it was delivered is that it was. */
@modelOptions({
  schemaOptions: { collection: DELIVERIES_COLLECTION, versionKey: false },
  // Messages are of several kinds.
  options: { allowMixed: Severity.ALLOW },
})
@index({ channel: 1, number: 1 }, { partialFilterExpression: { number: { $exists: true } } })
@index({ deliveredAt: 1 }, { sparse: true })
export class DeliveryDocument {
  /** `<channel>/<id of the message>` */
  @prop({ type: String, required: true })
  _id!: string;
  /** The channel's id. */
  @prop({ type: String, required: true })
  channel!: string;
  /** In the order in which the channel is told; not there once it was delivered, like the message. */
  @prop({ type: Number })
  number?: number;
  @prop({ type: () => mongoose.Schema.Types.Mixed })
  message?: AlertMessage;
  /** Times are the clock of whoever wrote them. */
  @prop({ type: Date, required: true })
  addedAt!: Date;
  @prop({ type: Date })
  deliveredAt?: Date;
}

/** How a channel stands. */
@modelOptions({ schemaOptions: { collection: CHANNELS_COLLECTION, versionKey: false } })
export class ChannelStandingDocument {
  /** The channel's id. */
  @prop({ type: String, required: true })
  _id!: string;
  /** The last number that a message for it was given. */
  @prop({ type: Number })
  added?: number;
  /** How many attempts have failed since the last that did not. */
  @prop({ type: Number })
  failures?: number;
  @prop({ type: Date })
  failingSince?: Date | null;
  @prop({ type: Date })
  nextAt?: Date;
  @prop({ type: String })
  problem?: 'GONE' | 'UNREACHABLE' | null;
  @prop({ type: Date })
  offSince?: Date | null;
  /** What came back last, without a secret. */
  @prop({ type: String })
  words?: string;
}
