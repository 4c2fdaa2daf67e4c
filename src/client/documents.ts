import type { DocumentTypeDecoration, TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql/language/printer.js';

/** An operation that knows the types of its answer and of its variables. */
export type { TypedDocumentNode };

const texts = new WeakMap<object, string>();

/** An operation as it is sent. */
export function textOf<Data, Variables>(document: TypedDocumentNode<Data, Variables>): string {
  const known = texts.get(document);
  if (known !== undefined) return known;
  const text = print(document);
  texts.set(document, text);
  return text;
}

/** What an operation answers. */
export type AnswerOf<Document> =
  Document extends DocumentTypeDecoration<infer Data, never> ? Data : never;
