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
  protected abstract get key(): number | string;

  @Field(() => ID, { description: 'Identifies this object among all of this API; opaque.' })
  get id(): string {
    return toGlobalId(this.typename, this.key);
  }
}

/** The opaque, global id of an object: base64url of `Type:key`. */
function toGlobalId(typename: string, key: number | string): string {
  return Buffer.from(`${typename}:${key}`).toString('base64url');
}

/** What a global id names, or null if it is none of ours. */
export function fromGlobalId(
  id: string,
): { readonly typename: string; readonly key: string } | null {
  const match = /^([A-Za-z]+):([\w./-]{1,100})$/.exec(Buffer.from(id, 'base64url').toString());
  const [, typename, key] = match ?? [];
  if (typename === undefined || key === undefined || toGlobalId(typename, key) !== id) return null;
  return { typename, key };
}

/** A turn, or a version, as it stands in an id; null where it is none. */
export function numberOfKey(key: string | undefined): number | null {
  return /^[1-9]\d{0,9}$/.test(key ?? '') ? Number(key) : null;
}
