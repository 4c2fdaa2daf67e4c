import { buildSchema, type mongoose } from '@typegoose/typegoose';
import type { Database } from './connect.js';

/**
 * The model of a document class on this database's connection. (typegoose's own getModelForClass
 * keeps one model a class for the whole process, and with it the first connection.)
 */
export function modelOn<Document extends object>(
  { connection }: Database,
  documentClass: new () => Document,
): mongoose.Model<Document> {
  const { name } = documentClass;
  return (
    (connection.models[name] as mongoose.Model<Document> | undefined) ??
    connection.model<Document>(
      name,
      buildSchema(documentClass) as unknown as mongoose.Schema<Document>,
    )
  );
}
