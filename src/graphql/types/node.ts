import { Field, ID, InterfaceType } from 'type-graphql';

/** Relay's object identification. */
@InterfaceType('Node', {
  description: 'An object that can be read again by its id.',
  resolveType: (value: { readonly typename: string }) => value.typename,
})
export abstract class NodeInterface {
  /** The name of the GraphQL type. */
  abstract readonly typename: string;

  /** What tells this object from the others of its type. */
  protected abstract get key(): number;

  @Field(() => ID, { description: 'Identifies this object among all of this API; opaque.' })
  get id(): string {
    return toGlobalId(this.typename, this.key);
  }
}

/** The opaque, global id of an object: base64url of `Type:key`. */
function toGlobalId(typename: string, key: number): string {
  return Buffer.from(`${typename}:${key}`).toString('base64url');
}

/** What a global id names, or null if it is none of ours. */
export function fromGlobalId(
  id: string,
): { readonly typename: string; readonly key: number } | null {
  const match = /^([A-Za-z]+):([1-9]\d{0,9})$/.exec(Buffer.from(id, 'base64url').toString());
  const [, typename, key] = match ?? [];
  if (typename === undefined || toGlobalId(typename, Number(key)) !== id) return null;
  return { typename, key: Number(key) };
}
