import { mongoose } from '@typegoose/typegoose';
import { OPERATION_DEADLINE_MS } from './availability.js';
import type { DatabaseKind } from './database-kind.js';

/** How long to look for a server before an attempt counts as failed, milliseconds. */
const SERVER_SELECTION_MS = 2_000;
/** How often each member is asked for its state, at least: what it once refused it may do again, milliseconds. */
const HEARTBEAT_MS = 2_000;

/** Which database, and where. */
interface Address {
  readonly uri: string;
  readonly name: string;
  readonly kind: DatabaseKind;
}

/** The driver's client, which is replaced where it finds no server any more. */
export class DatabaseClient {
  readonly #address: Address;
  connection = unopened();
  isOpen = false;

  constructor(address: Address) {
    this.#address = address;
  }

  /** Whether the address names one member, and leaves its others out. */
  get isDirect(): boolean {
    return this.connection.db !== undefined && this.connection.getClient().options.directConnection;
  }

  async open(): Promise<void> {
    if (this.isOpen) return;
    await this.connection.openUri(this.#address.uri, connectOptions(this.#address));
    this.isOpen = true;
  }

  replace(): void {
    const old = this.connection;
    this.connection = unopened();
    this.isOpen = false;
    // Not waited for: it says goodbye to a server that may not answer.
    old.destroy(true).catch(() => undefined);
  }
}

/** A connection that refuses operations until it is open, rather than let them wait. */
function unopened(): mongoose.Connection {
  const connection = mongoose.createConnection();
  connection.set('bufferCommands', false);
  return connection;
}

/**
 * How many members must have a write. The embedded engine is one, and acknowledges a write that is
 * to be journaled by a "majority" before its journal has it.
 */
const ACKNOWLEDGED_BY = { EMBEDDED: 1, EXTERNAL: 'majority' } as const;

function connectOptions({ name, kind }: Address): mongoose.ConnectOptions {
  return {
    dbName: name,
    autoIndex: false,
    autoCreate: false,
    bufferCommands: false,
    serverSelectionTimeoutMS: SERVER_SELECTION_MS,
    heartbeatFrequencyMS: HEARTBEAT_MS,
    connectTimeoutMS: 5_000,
    socketTimeoutMS: OPERATION_DEADLINE_MS,
    // Each by itself: only so does it go before what the address says.
    w: ACKNOWLEDGED_BY[kind],
    journal: true,
    wtimeoutMS: OPERATION_DEADLINE_MS,
    readConcernLevel: kind === 'EMBEDDED' ? 'local' : 'majority',
    readPreference: 'primary',
    retryWrites: false,
    // Text that is damaged costs the document that it stands in, not all that are read with it.
    enableUtf8Validation: false,
  };
}
