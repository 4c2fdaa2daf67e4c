import { promises as dns, type LookupAddress } from 'node:dns';
import { isIP } from 'node:net';

/** Gives the addresses of a host; fails with a code such as ENOTFOUND. */
export type Resolve = (host: string, signal: AbortSignal) => Promise<readonly string[]>;

/** How long one question may take, milliseconds, and how often it is asked. */
const QUESTION = { timeout: 2_000, tries: 2 };

/** The answers that say that a name is unknown to name servers. */
const UNKNOWN = ['ENOTFOUND', 'ENODATA'];

/**
 * Asks name servers by questions of their own, which a slow one holds up alone. The system's way waits in
 * the threads that files are written by, so it is gone only for names that name servers do not know: those
 * of this machine and of its file of hosts.
 */
export const resolveByNameServers: Resolve = async (host, signal) => {
  if (/^(.+\.)?localhost$/.test(host)) return resolveHere(host);
  const resolver = new dns.Resolver(QUESTION);
  const cancel = (): void => resolver.cancel();
  signal.addEventListener('abort', cancel);
  try {
    const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
    const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    if (found.length > 0) return found;
    const failure = answers.map(codeOf).find((code) => !UNKNOWN.includes(code));
    if (failure !== undefined) throw Object.assign(new Error(failure), { code: failure });
    return await resolveHere(host);
  } finally {
    signal.removeEventListener('abort', cancel);
  }
};

async function resolveHere(host: string): Promise<string[]> {
  return (await dns.lookup(host, { all: true })).map(({ address }: LookupAddress) => address);
}

/** The addresses of what may be an address already. */
export async function addressesOf(
  host: string,
  resolve: Resolve,
  signal: AbortSignal,
): Promise<readonly string[]> {
  return isIP(host) === 0 ? resolve(host, signal) : [host];
}

function codeOf(answer: PromiseSettledResult<unknown>): string {
  if (answer.status === 'fulfilled') return 'ENODATA';
  return String((answer.reason as NodeJS.ErrnoException).code);
}
