import type { Document } from 'mongodb';

/** What runs others' servers that speak MongoDB's protocol, by the host that they are reached at. */
const BY_HOST: readonly (readonly [RegExp, string])[] = [
  [/\.docdb(-elastic)?\.amazonaws\.com(\.cn)?(:\d+)?$/i, 'Amazon DocumentDB'],
  [/\.(mongo\.)?cosmos\.azure\.(com|cn|us)(:\d+)?$/i, 'Azure Cosmos DB'],
];

/**
 * Which product a server is that speaks MongoDB's protocol and is not MongoDB; null where nothing
 * says so.
 * @param buildInfo its answer to `buildInfo`
 * @param hosts the hosts that it is reached at
 */
export function productOf(buildInfo: Document, hosts: readonly string[]): string | null {
  const own = Object.entries(buildInfo as Record<string, unknown>).find(([key]) =>
    /^ferretdb/i.test(key),
  );
  if (own) {
    const [, told] = own;
    const version =
      typeof told === 'string' ? told : (told as { readonly version?: unknown } | null)?.version;
    return typeof version === 'string' ? `FerretDB ${version.replace(/^v/, '')}` : 'FerretDB';
  }
  for (const [host, name] of BY_HOST) if (hosts.some((one) => host.test(one))) return name;
  // What Cosmos DB alone adds to this answer.
  return '_t' in buildInfo ? 'Azure Cosmos DB' : null;
}
