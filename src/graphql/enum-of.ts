import { registerEnumType } from 'type-graphql';

/** GraphQL enums are named objects; values and names are the same. */
export function enumOf<Name extends string>(
  names: readonly Name[],
  name: string,
  description: string,
  values: Readonly<Record<Name, string>>,
): { readonly [Key in Name]: Key } {
  const members = Object.fromEntries(names.map((key) => [key, key])) as { [Key in Name]: Key };
  const valuesConfig = Object.fromEntries(
    names.map((key) => [key, { description: values[key] }]),
  ) as Record<Name, { description: string }>;
  registerEnumType(members, { name, description, valuesConfig });
  return members;
}

/** Gives each name a text. */
export function mapOf<Name extends string>(
  names: readonly Name[],
  valueOf: (name: Name) => string,
): Readonly<Record<Name, string>> {
  return Object.fromEntries(names.map((name) => [name, valueOf(name)])) as Record<Name, string>;
}
