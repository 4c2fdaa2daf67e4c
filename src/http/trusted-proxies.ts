import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Block = [Address, number];

/** What is to be known of where a request comes from: its connection, and what proxies say. */
type Received = Pick<IncomingMessage, 'socket' | 'headers'>;

/**
 * The proxies whose word counts on whom they forward for. What a `X-Forwarded-…` header says is taken
 * from them alone: anybody else can write what they like.
 */
export class TrustedProxies {
  static readonly NONE = new TrustedProxies([]);

  readonly #blocks: readonly Block[];

  constructor(blocks: readonly Block[]) {
    this.#blocks = blocks;
  }

  /**
   * Where a request comes from: the last address before the proxies that are trusted. Each of them
   * writes who connected to it behind what it was sent; all before an address that is not trusted is
   * that one's word.
   */
  addressOf({ socket, headers }: Received): string {
    let address = socket.remoteAddress ?? '';
    if (this.#blocks.length === 0) return address;
    const chain = textOf(headers['x-forwarded-for']).split(',');
    for (let entry = chain.pop(); entry !== undefined; entry = chain.pop()) {
      const before = this.#trusts(address) ? addressIn(entry) : null;
      if (before === null) break;
      address = before;
    }
    return address;
  }

  /** The origin under which a browser knows this server, for example `https://example.org`. */
  originOf({ socket, headers }: Received): string {
    const isForwarded = this.#trusts(socket.remoteAddress ?? '');
    const said = (name: string) => (isForwarded ? lastOf(headers[name]) : undefined);
    const protocol = said('x-forwarded-proto') === 'https' ? 'https' : 'http';
    return `${protocol}://${said('x-forwarded-host') ?? headers.host}`;
  }

  #trusts(text: string): boolean {
    if (this.#blocks.length === 0 || isIP(text) === 0) return false;
    const address = ipaddr.process(text);
    return this.#blocks.some(
      ([block, bits]) => block.kind() === address.kind() && address.match(block, bits),
    );
  }
}

/** Reads the setting TRUSTED_PROXIES; null for what is wrong. */
export function readTrustedProxies(text: string): TrustedProxies | null {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  const blocks = entries.flatMap((entry) => blockOf(entry) ?? []);
  return blocks.length === entries.length ? new TrustedProxies(blocks) : null;
}

/** An address is a block of one. */
function blockOf(entry: string): [Block] | null {
  const [address = '', bits, ...rest] = entry.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return null;
  const most = family === 4 ? 32 : 128;
  const length = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : NaN;
  return length <= most ? [[ipaddr.parse(address), length]] : null;
}

/** The address that a proxy wrote down, which some do with a port; null where it is none. */
function addressIn(entry: string): string | null {
  const text = entry.trim();
  const [, bracketed] = /^\[([^\]]+)\](?::\d{1,5})?$/.exec(text) ?? [];
  const [, before] = /^([\d.]+):\d{1,5}$/.exec(text) ?? [];
  const address = bracketed ?? before ?? text;
  return isIP(address) === 0 ? null : address;
}

/** What the nearest proxy says, where several have had their say. */
function lastOf(header: string | string[] | undefined): string | undefined {
  return textOf(header).split(',').pop()?.trim() || undefined;
}

function textOf(header: string | string[] | undefined): string {
  return [header ?? ''].flat().join(',');
}
