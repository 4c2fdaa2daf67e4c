// Cache policies for Apollo Client, as plain data: nothing of Apollo is loaded.

/** Of what Apollo Client hands to a merge function, what is used here. */
interface MergeOptions {
  readonly mergeObjects: (existing: never, incoming: never) => unknown;
}

type Merge = (existing: unknown, incoming: unknown, options: MergeOptions) => unknown;

interface FieldPolicy {
  readonly merge: true | Merge;
}

/** How objects of one type are told apart, and which of their fields are joined rather than replaced. */
interface TypePolicy {
  readonly keyFields?: readonly string[] | false | ((object: object) => string[] | string);
  readonly fields?: Readonly<Record<string, FieldPolicy>>;
}

const JOINED: FieldPolicy = { merge: true };

/** Lists that are as long, and in the same order, whatever is asked of their items. */
const JOINED_ITEMS: FieldPolicy = {
  merge(existing, incoming, { mergeObjects }) {
    if (!Array.isArray(existing) || !Array.isArray(incoming)) return incoming;
    if (existing.length !== incoming.length) return incoming as readonly unknown[];
    const before = existing as readonly unknown[];
    return incoming.map((item: unknown, index): unknown => {
      const known = before[index];
      return item && known ? mergeObjects(known as never, item as never) : item;
    });
  },
};

let unnamed = 0;

/** A cycle is known by its turn. One that does not say which it is of is joined with no other. */
function keyOfCycle(object: object): string[] | string {
  return 'turn' in object ? ['turn'] : `Cycle:unnamed ${++unnamed}`;
}

/**
 * For `new InMemoryCache({ typePolicies })`. Without it, two queries for different fields of the wallet, the
 * strategy's figures or a matrix of the same cycle, or of the status, take each other's answers out of the cache. Ask for
 * `turn` of each cycle: that is what it is known by.
 */
export const typePolicies = {
  Cycle: {
    keyFields: keyOfCycle,
    fields: {
      assets: JOINED_ITEMS,
      aux: JOINED,
      config: JOINED,
      consistency: JOINED,
      matrices: JOINED_ITEMS,
      matrix: JOINED,
      wallet: JOINED,
      windowMatrix: JOINED,
    },
  },
  Consistency: { fields: { triangles: JOINED_ITEMS } },
  Matrix: { fields: { cell: JOINED } },
  Wallet: { fields: { balances: JOINED_ITEMS } },
  // There is one of each of these; what is newest of a part of it counts.
  HistoryExtent: { keyFields: [] },
  Status: {
    keyFields: [],
    fields: {
      database: JOINED,
      exchange: JOINED,
      load: JOINED,
      replay: JOINED,
      spool: JOINED,
      turns: JOINED,
    },
  },
} satisfies Record<string, TypePolicy>;
