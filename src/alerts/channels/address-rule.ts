import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { Fault } from '../../domain/series/fault.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Block = [Address, number];

/**
 * Where clouds answer their own machines with keys, beside link-local addresses: AWS, Google, Alibaba,
 * Oracle and Azure, the last one under an address that looks like anybody's.
 */
const METADATA = new Set([
  ...['fd00:ec2::254', 'fd20:ce::254'],
  ...['100.100.100.200', '192.0.0.192', '168.63.129.16'],
]);
/** Whatever is allowed: nobody's own address, or one that hides another. */
const NEVER = new Set(['linkLocal', 'unspecified', 'broadcast', 'multicast', '6to4', 'teredo']);
/** IPv6 addresses of which the last four bytes are the IPv4 address that answers. */
const CARRYING = [
  ...['::ffff:0:0/96', '::ffff:0:0:0/96', '::/96'],
  ...['64:ff9b::/96', '64:ff9b:1::/48'],
].map((text) => ipaddr.parseCIDR(text));

const HOST_NAME =
  /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,62}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,62}[a-z0-9_])?)*$/;
const EXPECTED =
  'addresses, CIDR blocks or host names separated by commas, for example 127.0.0.1,10.1.0.0/16,receiver.internal';

/** What is allowed beyond public addresses. */
export interface PrivateAddresses {
  readonly blocks: readonly Block[];
  /** Hosts whose addresses may be private, whichever they are. */
  readonly hosts: ReadonlySet<string>;
}

export const NO_PRIVATE_ADDRESSES: PrivateAddresses = { blocks: [], hosts: new Set() };

/** Reads the setting ALERT_PRIVATE_ADDRESSES. */
export function readPrivateAddresses(text: string): PrivateAddresses | Fault {
  const blocks: Block[] = [];
  const hosts = new Set<string>();
  for (const entry of text.split(',').map((part) => part.trim().toLowerCase())) {
    if (entry === '') continue;
    const block = blockOf(entry);
    if (block) {
      if (isNever(block[0]) && block[1] > 0)
        return new Fault(`addresses other than ${entry}, which is never called`);
      blocks.push(block);
    } else if (HOST_NAME.test(entry) && !/^[\d.]+$/.test(entry)) hosts.add(entry);
    else return new Fault(`${EXPECTED}, not ${entry}`);
  }
  return { blocks, hosts };
}

function blockOf(entry: string): Block | null {
  const [address = '', bits, ...rest] = entry.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return null;
  const most = family === 4 ? 32 : 128;
  if (bits === undefined) return [ipaddr.parse(address), most];
  return /^\d{1,3}$/.test(bits) && Number(bits) <= most
    ? [ipaddr.parse(address), Number(bits)]
    : null;
}

/**
 * Which addresses messages are sent to: public ones; private ones (loopback, of a local network, of a
 * carrier's, reserved) where the settings allow them; those of links, of metadata and of nobody never.
 * It is asked of the address that is connected to, not of a name, which may resolve to another one
 * the next time.
 */
export class AddressRule {
  readonly #allowed: PrivateAddresses;

  constructor(allowed: PrivateAddresses) {
    this.#allowed = allowed;
  }

  /** Why an address of a host is not called, in words; null where it is. */
  refusalOf(host: string, address: string): string | null {
    if (isIP(address) === 0) return 'what it resolves to is no address';
    const bare = bareAddress(ipaddr.parse(address));
    if (isNever(bare)) return 'addresses of this kind are never called';
    if (bare.range() === 'unicast' || this.#allowed.hosts.has(host.toLowerCase())) return null;
    const isAllowed = this.#allowed.blocks.some(
      ([block, bits]) => block.kind() === bare.kind() && bare.match(block, bits),
    );
    return isAllowed
      ? null
      : 'its address is private, and ALERT_PRIVATE_ADDRESSES does not allow it';
  }
}

function isNever(address: Address): boolean {
  return NEVER.has(address.range()) || METADATA.has(address.toString());
}

/** The IPv4 address inside of an IPv6 one (mapped, compatible, behind NAT64): that is who answers. */
function bareAddress(address: Address): Address {
  const isOwn = address.kind() === 'ipv4' || ['loopback', 'unspecified'].includes(address.range());
  if (isOwn || !CARRYING.some(([block, bits]) => address.match(block, bits))) return address;
  return ipaddr.fromByteArray(address.toByteArray().slice(12));
}
