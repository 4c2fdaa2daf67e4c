import { index, modelOptions, mongoose, prop, Severity } from '@typegoose/typegoose';
import type { Condition } from '../domain/alerts/condition.js';
import type { Line } from '../domain/series/line.js';
import { CHANNEL_KINDS, type ChannelKind } from '../alerts/channels/channel.js';

/** The collections of the rules' versions, of their firings, and of what came of them turn by turn. */
export const ALERTS_COLLECTION = 'alerts';
export const FIRINGS_COLLECTION = 'alert_firings';
export const JUDGEMENTS_COLLECTION = 'alert_judgements';

/** What belongs to a document that stands there alone. */
const record = () => modelOptions({ schemaOptions: { _id: false } });

/** Where messages of a rule go. */
@record()
export class ChannelDocument {
  @prop({ type: String, required: true })
  id!: string;
  @prop({ type: String, required: true, enum: CHANNEL_KINDS })
  kind!: ChannelKind;
  @prop({ type: String, required: true })
  name!: string;
  /** The host alone. */
  @prop({ type: String, required: true })
  target!: string;
  /** The rest of the address and the keys, encrypted. */
  @prop({ type: String, required: true })
  sealed!: string;
}

/** A version of a rule; the newest one is the rule. */
@modelOptions({
  schemaOptions: { collection: ALERTS_COLLECTION, versionKey: false, minimize: false },
  // What a line is made of is for its kind to say.
  options: { allowMixed: Severity.ALLOW },
})
@index({ rule: 1, version: 1 }, { unique: true })
export class AlertDocument {
  /** 1, 2, 3, … in the order in which versions, of all rules, were saved. */
  @prop({ type: Number, required: true })
  _id!: number;
  @prop({ type: String, required: true })
  rule!: string;
  @prop({ type: Number, required: true })
  version!: number;
  @prop({ type: String, required: true })
  name!: string;
  /** As src/domain/series/line.ts has it. */
  @prop({ type: () => mongoose.Schema.Types.Mixed, required: true })
  line!: Line;
  /** As src/domain/alerts/condition.ts has it. */
  @prop({ type: () => mongoose.Schema.Types.Mixed, required: true })
  condition!: Condition;
  /** Milliseconds; 0: none. */
  @prop({ type: Number, required: true })
  cooldown!: number;
  @prop({ type: Boolean, required: true })
  isEnabled!: boolean;
  /** Of the newest version alone. */
  @prop({ type: () => [ChannelDocument], required: true, _id: false })
  channels!: ChannelDocument[];
  @prop({ type: Boolean, required: true })
  isDeleted!: boolean;
  /** The latest turn that was stored when it was saved; not there until that was looked up. */
  @prop({ type: Number })
  afterTurn?: number;
  /** When it was saved, by the clock of whoever did. */
  @prop({ type: Date, required: true })
  savedAt!: Date;
}

/** What a rule fired at. */
@modelOptions({ schemaOptions: { collection: FIRINGS_COLLECTION, versionKey: false } })
@index({ rule: 1, turn: 1 }, { unique: true })
export class FiringDocument {
  /** `<turn>/<rule>`, the turn in ten digits: in the order of firings. */
  @prop({ type: String, required: true })
  _id!: string;
  @prop({ type: String, required: true })
  rule!: string;
  @prop({ type: Number, required: true })
  version!: number;
  @prop({ type: Number, required: true })
  turn!: number;
  @prop({ type: Date, required: true })
  observedAt!: Date;
  @prop({ type: Number, required: true })
  value!: number;
}

/** What a rule has come to. */
@record()
export class StateRecord {
  @prop({ type: String, required: true })
  rule!: string;
  @prop({ type: Number, required: true })
  version!: number;
  @prop({ type: Boolean, required: true })
  isTrue!: boolean;
  @prop({ type: Number, required: true })
  side!: -1 | 0 | 1;
  /** Milliseconds since 1970, by the exchange's clock; not there before the first firing. */
  @prop({ type: Number })
  firedAt?: number;
}

/** A firing of the turn that it stands with. */
@record()
export class JudgedFiring {
  @prop({ type: String, required: true })
  rule!: string;
  @prop({ type: Number, required: true })
  version!: number;
  @prop({ type: Number, required: true })
  observedAt!: number;
  @prop({ type: Number, required: true })
  value!: number;
}

/** What came of the rules at a turn. */
@modelOptions({ schemaOptions: { collection: JUDGEMENTS_COLLECTION, versionKey: false } })
export class JudgementDocument {
  /** The turn. */
  @prop({ type: Number, required: true })
  _id!: number;
  /** The id of its cycle. */
  @prop({ type: String, required: true })
  cycle!: string;
  /** Who judged it. */
  @prop({ type: String, required: true })
  writer!: string;
  @prop({ type: Boolean, required: true })
  isWhole!: boolean;
  @prop({ type: () => [StateRecord], required: true, _id: false })
  states!: StateRecord[];
  @prop({ type: () => [JudgedFiring], required: true, _id: false })
  firings!: JudgedFiring[];
  /** The firings of the turns up to this one were surely stored and passed on. */
  @prop({ type: Number, required: true })
  confirmedThrough!: number;
}
