import fc from 'fast-check';
import {
  getNamedType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
} from 'graphql';

/** Any value of an argument as a document has it, sensible or refused. */
function valueOf(type: GraphQLInputType, names: readonly string[]): fc.Arbitrary<string> {
  if (isNonNullType(type)) return valueOf(type.ofType, names);
  if (isListType(type)) {
    const item = valueOf(type.ofType, names);
    return fc.array(item, { maxLength: 3 }).map((items) => `[${items.join(', ')}]`);
  }
  if (isEnumType(type)) return fc.constantFrom(...type.getValues().map(({ name }) => name));
  const { name } = getNamedType(type);
  if (name === 'Int') return fc.integer({ min: -1, max: 18 }).map(String);
  if (name === 'Float') return fc.constantFrom('0', '2.5', '-1', '10001');
  if (name === 'Boolean') return fc.boolean().map(String);
  return fc.constantFrom(...names).map((text) => JSON.stringify(text));
}

function argumentsOf(
  field: GraphQLField<unknown, unknown>,
  names: readonly string[],
): fc.Arbitrary<string> {
  const each = field.args.map((argument) => {
    const value = valueOf(argument.type, names).map((text) => `${argument.name}: ${text}`);
    return isNonNullType(argument.type) ? value : fc.option(value, { nil: '' });
  });
  return fc
    .tuple(...each)
    .map((texts) => texts.filter((text) => text !== '').join(', '))
    .map((text) => (text === '' ? '' : `(${text})`));
}

/**
 * Any selection of a type's fields, as text: with arguments, aliases, fragments and directives.
 * @param names what arguments of type String are
 */
export function selectionsOf(
  type: GraphQLObjectType,
  names: readonly string[],
  depth = 3,
): fc.Arbitrary<string> {
  const fields = Object.values(type.getFields()).filter(
    (field) => depth > 0 || !isObjectType(getNamedType(field.type)),
  );
  const field = fc.constantFrom(...fields).chain((chosen) => {
    const inner = getNamedType(chosen.type);
    const below = isObjectType(inner) ? selectionsOf(inner, names, depth - 1) : fc.constant('');
    return fc
      .tuple(argumentsOf(chosen, names), below)
      .map(([args, selection]) => `${chosen.name}${args} ${selection}`);
  });
  const item = fc.oneof(
    { arbitrary: field, weight: 8 },
    { arbitrary: fc.constant('__typename'), weight: 1 },
  );
  const wrap = fc.constantFrom('', '', '', '', 'FRAGMENT', '@include(if: true)', '@skip(if: true)');
  return fc
    .array(fc.tuple(item, wrap), { minLength: 1, maxLength: 4 })
    .map((items) =>
      items.map(([text, around], at) => {
        const aliased = `f${at}: ${text}`;
        if (around === '') return aliased;
        if (around === 'FRAGMENT') return `... on ${type.name} { ${aliased} }`;
        return `... ${around} { ${aliased} }`;
      }),
    )
    .map((texts) => `{ ${texts.join(' ')} }`);
}
