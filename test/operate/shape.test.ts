import { parse, specifiedRules, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createSchema } from '../../src/graphql/schema.js';
import { shapeRule } from '../../src/operate/shape.js';

const schema = await createSchema();
const repeat = (count: number, part: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => part(n)).join(' ');

/** What is refused of a document, but for what it breaks of GraphQL's own rules. */
function refused(text: string): Record<string, unknown> {
  const errors = validate(schema, parse(text), [shapeRule]);
  return Object.fromEntries(
    errors.map(({ extensions: { limit, found } }) => [String(limit), found]),
  );
}

/** So many fields in each other. */
const nested = (depth: number): string => 'a { '.repeat(depth - 1) + 'b' + ' }'.repeat(depth - 1);

describe('the shape of an operation', () => {
  it.each<[string, string, Record<string, unknown>]>([
    ['12 levels', `{ ${nested(12)} }`, {}],
    ['13 levels', `{ ${nested(13)} }`, { depth: 13 }],
    [
      'fragments, which are no levels',
      `{ ... { ...A } } fragment A on Query { ... on Query { ${nested(13)} } }`,
      { depth: 13 },
    ],
    [
      'a fragment in the depth, which is counted from where it is spread',
      `{ ...A a { a { ...A } } } fragment A on Query { ${nested(11)} }`,
      { depth: 13 },
    ],
    ['what stands below __schema', `{ a { __schema { ${nested(20)} } } }`, {}],
    ['100 aliases', `{ ${repeat(100, (n) => `a${n}: a`)} }`, {}],
    ['101 aliases', `{ ${repeat(101, (n) => `a${n}: a`)} }`, { aliases: 101 }],
    ['names of __typename', `{ ${repeat(101, (n) => `a${n}: __typename`)} }`, {}],
    [
      'aliases of a fragment, wherever it is spread',
      `{ ...A ...A ...B } fragment A on Query { ${repeat(30, (n) => `a${n}: a`)} } fragment B on Query { ...A b: a { ...A } }`,
      { aliases: 121 },
    ],
    ['50 directives', `{ ${'a @skip(if: false) '.repeat(50)} }`, {}],
    [
      'directives on whatever may have them',
      `query @a { ...A @a ... @a { a @a @a } } fragment A on Query @a { ${'a @a '.repeat(45)} }`,
      { directives: 51 },
    ],
    [
      'directives of a spread, each time',
      `{ ${'...A @skip(if: false) '.repeat(51)} } fragment A on Query { a }`,
      { directives: 51 },
    ],
    [
      'all three, in this order',
      `{ ${nested(13)} ${repeat(101, (n) => `a${n}: a @a`)} }`,
      { depth: 13, aliases: 101, directives: 101 },
    ],
  ])('%s', (_name, text, found) => {
    expect(Object.entries(refused(text))).toEqual(Object.entries(found));
  });

  it('is counted of each operation by itself', () => {
    const aliases = (count: number) => `{ ${repeat(count, (n) => `a${n}: a`)} }`;
    expect(refused(`query A ${aliases(60)} query B ${aliases(60)}`)).toEqual({});
    expect(refused(`query A ${aliases(60)} query B ${aliases(102)}`)).toEqual({ aliases: 102 });
  });

  it('has an end where fragments spread each other', () => {
    const ring = '{ ...A } fragment A on Query { a: a ...B } fragment B on Query { b: a ...A }';
    expect(refused(ring)).toEqual({});
    const told = validate(schema, parse(ring), [...specifiedRules, shapeRule]);
    expect(told.map(({ message }) => message).join()).toMatch(/itself/);
  });
});
