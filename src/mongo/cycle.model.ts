import { index, modelOptions, mongoose, prop, PropType } from '@typegoose/typegoose';
import { STRATEGY_MODES, STRATEGY_TIERS } from '../domain/strategy.js';

export const EXCHANGES = ['BINANCE', 'SIMULATED', 'REPLAY'] as const;
export const WALLET_SOURCES = ['ACCOUNT', 'PAPER'] as const;

/** The strategy's settings as the turn ran under them. */
@modelOptions({ schemaOptions: { _id: false } })
export class StrategyConfigRecord {
  @prop({ type: Number, required: true })
  version!: number;
  @prop({ type: Date, required: true })
  updatedAt!: Date;
  @prop({ type: String, required: true, enum: STRATEGY_TIERS })
  tier!: (typeof STRATEGY_TIERS)[number];
  @prop({ type: String, required: true, enum: STRATEGY_MODES })
  mode!: (typeof STRATEGY_MODES)[number];
  @prop({ type: String, required: true })
  quantBase!: string;
  @prop({ type: Number, required: true })
  expectedImprint!: number;
  @prop({ type: Number, required: true })
  expectedLuggage!: number;
}

/** The strategy figures of the turn; null where a figure is. */
@modelOptions({ schemaOptions: { _id: false } })
export class AuxRecord {
  @prop({ type: String, default: null })
  leadQuant!: string | null;
  @prop({ type: Number, default: null })
  quant!: number | null;
  @prop({ type: Number, default: null })
  shift!: number | null;
  @prop({ type: Number, required: true })
  leadSince!: number;
  @prop({ type: Number, default: null })
  grt!: number | null;
  @prop({ type: Number, default: null })
  imprint!: number | null;
  @prop({ type: Number, required: true })
  luggage!: number;
  @prop({ type: Boolean, default: null })
  imprintReached!: boolean | null;
  @prop({ type: Boolean, default: null })
  luggageReached!: boolean | null;
}

/**
 * One completed turn: the frame and what depends on earlier turns. It is compact, because a market
 * is stored as one line of text a pair, and still readable in a Mongo shell:
 * `db.cycle_matrices.find({}, { turn: 1, 'tickers.BTC/USDT': 1 })`.
 */
@modelOptions({
  schemaOptions: { collection: 'cycle_matrices', versionKey: false, minimize: false },
})
@index({ turn: 1 }, { unique: true })
@index({ observedAt: 1 })
@index({ turn: 1, observedAt: 1 })
export class CycleDocument {
  @prop({ type: mongoose.Types.ObjectId, required: true })
  _id!: mongoose.Types.ObjectId;
  /** By which rule the id follows from the content; not there in documents of version 0.1.0. */
  @prop({ type: Number })
  schemaVersion?: number;
  @prop({ type: Number, required: true })
  turn!: number;
  @prop({ type: Number, default: null })
  previousTurn!: number | null;
  @prop({ type: Date, required: true })
  startedAt!: Date;
  /** The exchange's clock. */
  @prop({ type: Date, required: true })
  observedAt!: Date;
  @prop({ type: Date, required: true })
  completedAt!: Date;
  @prop({ type: String, required: true, enum: EXCHANGES })
  exchange!: (typeof EXCHANGES)[number];
  /** The universe in matrix order, separated by commas. */
  @prop({ type: String, required: true })
  universe!: string;
  /**
   * By `BASE/QUOTE`: `last open bid ask quoteVolume lag`, lag in milliseconds from the close of the
   * ticker's window to `observedAt`; a seventh word is the symbol, where it is not BASEQUOTE.
   */
  @prop({ type: () => String, required: true }, PropType.MAP)
  tickers!: Record<string, string>;
  @prop({ type: String, required: true, enum: WALLET_SOURCES })
  walletSource!: (typeof WALLET_SOURCES)[number];
  /** One line a balance: `ASSET free locked`; `ASSET` alone where its amount could not be read. */
  @prop({ type: () => [String], required: true })
  balances!: string[];
  /** In universe order; null where an asset has no quant. */
  @prop({ type: () => [Number], required: true })
  quants!: (number | null)[];
  @prop({ type: () => AuxRecord, required: true })
  aux!: AuxRecord;
  /** The lead's price in the quant base when it took over; null where it had none. */
  @prop({ type: Number, default: null })
  leadPrice!: number | null;
  @prop({ type: () => StrategyConfigRecord, required: true })
  config!: StrategyConfigRecord;
  @prop({ type: Number, required: true })
  staleAfterMs!: number;
  @prop({ type: Number, required: true })
  formulaVersion!: number;
  /** How far apart turns were to be, milliseconds; not there in documents of earlier versions. */
  @prop({ type: Number })
  intervalMs?: number;
  /** A digest of the id and of what it does not speak for; there with {@link intervalMs}. */
  @prop({ type: String })
  check?: string;
}
