import { buildSchema, type mongoose } from '@typegoose/typegoose';
import type { Database } from './connect.js';

type DocumentClass<Document extends object = object> = new () => Document;

/** What the classes say never changes, and takes long to be worked out. */
const schemas = new Map<DocumentClass, mongoose.Schema>();

/** What a document class says of its documents. */
export function schemaOf(documentClass: DocumentClass): mongoose.Schema {
  const known = schemas.get(documentClass);
  if (known) return known;
  const schema = buildSchema(documentClass) as unknown as mongoose.Schema;
  schemas.set(documentClass, schema);
  return schema;
}

/**
 * The model of a document class on this database's connection. (typegoose's own getModelForClass
 * keeps one model a class for the whole process, and with it the first connection.)
 */
export function modelOn<Document extends object>(
  { connection }: Database,
  documentClass: DocumentClass<Document>,
): mongoose.Model<Document> {
  const { name } = documentClass;
  return (
    (connection.models[name] as mongoose.Model<Document> | undefined) ??
    connection.model<Document>(name, schemaOf(documentClass) as mongoose.Schema<Document>)
  );
}
