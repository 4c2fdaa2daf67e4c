import { index, modelOptions, prop } from '@typegoose/typegoose';
import type { Collection } from 'mongodb';
import type { ExchangeSilence } from '../market/market-port.js';
import type { Database } from './connect.js';
import { StrategyConfigRecord } from './cycle.model.js';

/** The collection of all that is stored beside the cycles, one kind of document for each purpose. */
export const CONFIG_COLLECTION = 'config';

const inConfig = () =>
  modelOptions({ schemaOptions: { collection: CONFIG_COLLECTION, versionKey: false } });
/** What belongs to a document that stands there alone. */
const record = () => modelOptions({ schemaOptions: { _id: false } });

/** One version of the strategy's settings; `_id` is `strategy/<version>`. */
@inConfig()
@index({ version: 1 }, { sparse: true })
export class StrategyConfigDocument extends StrategyConfigRecord {
  @prop({ type: String, required: true })
  _id!: string;
}

/** What the database holds, recorded at its first write. */
@inConfig()
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

/** What is recorded of the turns: those up to `purgedThrough` are never used again. */
@inConfig()
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

/** Since when somebody has a lease, by the database's clock. */
@record()
export class HeldSinceRecord {
  /** Whom it is said of: an instance of a version that does not record it leaves what it finds. */
  @prop({ type: String, required: true })
  holder!: string;
  @prop({ type: Date, required: true })
  at!: Date;
}

/** Who runs the turns; times are the database's. */
@inConfig()
export class LeaseDocument {
  @prop({ type: String, required: true })
  _id!: 'lease' | 'sealing' | 'delivery';
  /** Not there once it was given back. */
  @prop({ type: String })
  holder?: string;
  @prop({ type: () => HeldSinceRecord })
  since?: HeldSinceRecord;
  @prop({ type: Date, required: true })
  expiresAt!: Date;
  /** When another than the holder last asked for it. */
  @prop({ type: Date })
  askedAt?: Date;
  /** Whether the holder was told that it is alone, and so may go on without the database. */
  @prop({ type: Boolean, required: true })
  isAlone!: boolean;
  /** Whether the holder had it already when it was last written. */
  @prop({ type: Boolean, required: true })
  isRenewed!: boolean;
  /** Whether what stood there before could not be understood, and counted as free. */
  @prop({ type: Boolean })
  wasDamaged?: boolean;
  /** When it was last written. */
  @prop({ type: Date, required: true })
  at!: Date;
}

/** A silence that the exchange wants; times are the database's. */
@record()
export class SilenceRecord implements Omit<ExchangeSilence, 'leftMs'> {
  @prop({ type: String, required: true })
  id!: string;
  @prop({ type: String, required: true })
  code!: ExchangeSilence['code'];
  @prop({ type: String, required: true })
  message!: string;
  @prop({ type: Date, required: true })
  until!: Date;
  /** How long it was to last when it was told, milliseconds. */
  @prop({ type: Number, required: true })
  forMs!: number;
}

/** What all instances together may still ask of the exchange. */
@inConfig()
export class ExchangeDocument {
  @prop({ type: String, required: true })
  _id!: 'exchange';
  /** Minutes since 1970 by the exchange's clock, and the weight that was reserved in it. */
  @prop({ type: Number })
  minute?: number;
  @prop({ type: Number })
  usedWeight?: number;
  @prop({ type: () => SilenceRecord })
  silence?: SilenceRecord;
  /** Whether what stood there of a silence before could not be understood. */
  @prop({ type: Boolean })
  wasDamaged?: boolean;
  /** When it was last written, by the database's clock. */
  @prop({ type: Date, required: true })
  at!: Date;
}

/** Of which version what is stored is: a program that does not know it refuses to start. */
@inConfig()
export class SchemaDocument {
  @prop({ type: String, required: true })
  _id!: 'schema';
  @prop({ type: Number, required: true })
  version!: number;
}

/** Says nothing: that it is written confirms what was written before it. */
@inConfig()
export class ConfirmationDocument {
  @prop({ type: String, required: true })
  _id!: 'confirmed';
  @prop({ type: Date, required: true })
  at!: Date;
}

/** That an import was begun: it is there until all is stored. */
@inConfig()
export class ImportDocument {
  @prop({ type: String, required: true })
  _id!: 'import';
  @prop({ type: String, required: true })
  file!: string;
  @prop({ type: Number, required: true })
  firstTurn!: number;
  @prop({ type: Number, required: true })
  lastTurn!: number;
  /** Whether the origin was recorded before. */
  @prop({ type: Boolean, required: true })
  hadOrigin!: boolean;
}

/** One kind of document of the collection. */
interface ConfigKind {
  readonly document: new () => { _id: string };
  /** Its ids, as JSON schema has it. */
  readonly id: { readonly pattern: string } | { readonly enum: readonly string[] };
  /**
   * Whether the database checks what is written. What is replaced in one step whatever stands there, so
   * that it heals by itself, need not be.
   */
  readonly isChecked: boolean;
}

/** Every kind of document of the collection. */
export const CONFIG_KINDS: readonly ConfigKind[] = [
  { document: StrategyConfigDocument, id: { pattern: '^strategy/' }, isChecked: true },
  { document: OriginDocument, id: { enum: ['origin'] }, isChecked: true },
  { document: TurnsDocument, id: { enum: ['turns'] }, isChecked: true },
  { document: SchemaDocument, id: { enum: ['schema'] }, isChecked: true },
  { document: LeaseDocument, id: { enum: ['lease', 'sealing', 'delivery'] }, isChecked: false },
  { document: ExchangeDocument, id: { enum: ['exchange'] }, isChecked: false },
  { document: ConfirmationDocument, id: { enum: ['confirmed'] }, isChecked: false },
  { document: ImportDocument, id: { enum: ['import'] }, isChecked: false },
];

/** The collection, for documents of one kind. */
export function configOf<Kind extends { _id: string }>(
  { connection }: Pick<Database, 'connection'>,
  _kind: new () => Kind,
): Collection<Kind> {
  return connection.collection<Kind>(CONFIG_COLLECTION);
}
