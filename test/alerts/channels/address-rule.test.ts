import { describe, expect, it } from 'vitest';
import {
  AddressRule,
  NO_PRIVATE_ADDRESSES,
  readPrivateAddresses,
  type PrivateAddresses,
} from '../../../src/alerts/channels/address-rule.js';
import { isFault } from '../../../src/domain/series/fault.js';

function allowed(text: string): PrivateAddresses {
  const read = readPrivateAddresses(text);
  if (isFault(read)) throw new Error(read.words);
  return read;
}

const refused = (address: string, { allow = '', host = 'receiver.example' } = {}) =>
  new AddressRule(allowed(allow)).refusalOf(host, address);

const EVERYTHING = '0.0.0.0/0,::/0';
const PRIVATE = 'its address is private, and ALERT_PRIVATE_ADDRESSES does not allow it';

describe('the addresses that messages are sent to', () => {
  it.each(['1.1.1.1', '93.184.216.34', '2606:4700::1111', '::ffff:1.1.1.1', '64:ff9b::1.1.1.1'])(
    'are public ones such as %s',
    (address) => {
      expect(new AddressRule(NO_PRIVATE_ADDRESSES).refusalOf('x.example', address)).toBeNull();
    },
  );

  it.each([
    ...['127.0.0.1', '127.9.9.9', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
    ...['100.64.0.1', '198.18.0.1', '240.0.0.1', '192.0.2.1', '::1', 'fd00::1', 'fec0::1'],
    ...['::ffff:127.0.0.1', '::ffff:10.0.0.1', '64:ff9b::10.0.0.1', '::10.0.0.1', '2001:db8::1'],
  ])('are not private ones such as %s, unless those are allowed', (address) => {
    expect(refused(address)).toBe(PRIVATE);
    expect(refused(address, { allow: EVERYTHING })).toBeNull();
    expect(refused(address, { allow: 'receiver.example' })).toBeNull();
    expect(refused(address, { allow: 'another.example,203.0.113.1' })).toBe(PRIVATE);
  });

  it.each([
    ...['169.254.169.254', '169.254.0.1', 'fe80::1', 'fd00:ec2::254', 'fd20:ce::254'],
    ...['100.100.100.200', '192.0.0.192', '168.63.129.16', '0.0.0.0', '::', '255.255.255.255'],
    ...['224.0.0.1', 'ff02::1', '::ffff:169.254.169.254', '64:ff9b::a9fe:a9fe', '::a9fe:a9fe'],
    ...['2002:a9fe:a9fe::1', '2001:0:a9fe:a9fe::1', '64:ff9b:1::a9fe:a9fe', '::ffff:0:a9fe:a9fe'],
  ])('are never %s, whatever is allowed', (address) => {
    expect(refused(address, { allow: `${EVERYTHING},receiver.example` })).toBe(
      'addresses of this kind are never called',
    );
  });

  it('are private ones of a block, and no others beside it', () => {
    const allow = '10.1.0.0/16, 127.0.0.1 ,fd12::/16';
    expect(refused('10.1.255.255', { allow })).toBeNull();
    expect(refused('::ffff:10.1.0.1', { allow })).toBeNull();
    expect(refused('127.0.0.1', { allow })).toBeNull();
    expect(refused('fd12::7', { allow })).toBeNull();
    expect(refused('10.2.0.1', { allow })).toBe(PRIVATE);
    expect(refused('127.0.0.2', { allow })).toBe(PRIVATE);
    expect(refused('fd13::7', { allow })).toBe(PRIVATE);
  });

  it('of a named host do not depend on how it is written', () => {
    expect(refused('10.0.0.1', { allow: 'Receiver.Example' })).toBeNull();
    expect(refused('10.0.0.1', { allow: 'receiver.example', host: 'RECEIVER.example' })).toBeNull();
  });

  it('are nothing that is no address', () => {
    expect(refused('receiver.example', { allow: 'receiver.example' })).toContain('no address');
  });

  it.each([
    ['10.0.0.0/33', 'not 10.0.0.0/33'],
    ['10.0/8', 'not 10.0/8'],
    ['300.1.1.1', 'not 300.1.1.1'],
    ['a b', 'not a b'],
    ['http://receiver', 'not http://receiver'],
    ['169.254.169.254', 'other than 169.254.169.254, which is never called'],
    ['169.254.0.0/16', 'other than 169.254.0.0/16, which is never called'],
  ])('cannot be set as %s', (text, words) => {
    const read = readPrivateAddresses(`10.0.0.1,${text}`);
    expect(isFault(read) && read.words).toContain(words);
  });
});
