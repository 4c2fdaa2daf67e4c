import { modelOptions, prop, PropType } from '@typegoose/typegoose';

/** The collections of the sealed blocks, and of the chain of their digests. */
export const BLOCKS_COLLECTION = 'history_blocks';
export const MANIFEST_COLLECTION = 'history_manifest';

/** A pair that a block has prices of; its place in the list is the number of its part. */
@modelOptions({ schemaOptions: { _id: false } })
class BlockPair {
  @prop({ type: String, required: true })
  symbol!: string;
  @prop({ type: String, required: true })
  base!: string;
  @prop({ type: String, required: true })
  quote!: string;
}

/**
 * A part of a sealed block: the turns, what no frame gives, the volumes, or the prices of one pair.
 * The part `turns` names all others.
 */
@modelOptions({
  schemaOptions: { collection: BLOCKS_COLLECTION, versionKey: false, minimize: false },
})
export class BlockPartDocument {
  /** `<block>/<seal>/<part>`, the block in seven digits. */
  @prop({ type: String, required: true })
  _id!: string;
  @prop({ type: () => [BlockPair] })
  pairs?: BlockPair[];
  /** The other parts as they were sealed, one after another: `<name> <bytes>`, with a space between. */
  @prop({ type: String })
  contents?: string;
  /** The SHA-256 of each of their documents, one after another. */
  @prop({ type: Buffer })
  digests?: Uint8Array;
  /** By name, packed as `src/history/blocks` has it. */
  @prop({ type: () => Buffer, required: true }, PropType.MAP)
  columns!: Record<string, Uint8Array>;
}

/** A line of the chain: a block that is sealed. */
@modelOptions({
  schemaOptions: { collection: MANIFEST_COLLECTION, versionKey: false, minimize: false },
})
export class ManifestDocument {
  /** 1, 2, 3, … in the order in which blocks were sealed. */
  @prop({ type: Number, required: true })
  _id!: number;
  @prop({ type: String, required: true })
  previous!: string;
  @prop({ type: Number, required: true })
  block!: number;
  @prop({ type: String, required: true })
  name!: string;
  @prop({ type: Number, required: true })
  firstTurn!: number;
  @prop({ type: Number, required: true })
  lastTurn!: number;
  @prop({ type: Number, required: true })
  turns!: number;
  @prop({ type: () => [Number], required: true })
  unreadable!: number[];
  @prop({ type: Date, default: null })
  earliest!: Date | null;
  @prop({ type: Date, default: null })
  latest!: Date | null;
  @prop({ type: String, required: true })
  lastId!: string;
  @prop({ type: Number, required: true })
  bytes!: number;
  @prop({ type: String, required: true })
  digest!: string;
  @prop({ type: String, required: true })
  hash!: string;
  /** Whether the documents of its cycles were removed; not there where they were not. */
  @prop({ type: Boolean })
  isOnlyCopy?: boolean;
  /** Whether the block was taken away since, or has another line. */
  @prop({ type: Boolean, required: true })
  isRemoved!: boolean;
}
