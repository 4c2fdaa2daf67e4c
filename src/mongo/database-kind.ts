/** The engine that a server opens by itself, or a MongoDB that MONGO_URI names. */
export type DatabaseKind = 'EMBEDDED' | 'EXTERNAL';
