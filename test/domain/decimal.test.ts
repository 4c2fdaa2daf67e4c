import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainDecimal } from '../../src/domain/decimal.js';

describe('a plain decimal', () => {
  it.each<[unknown, string]>([
    ['61000.50', '61000.50'],
    ['7.91e-06', '0.00000791'],
    ['7.9E+3', '7900'],
    ['1.25e1', '12.5'],
    ['0.79e-5', '0.0000079'],
    ['12e0', '12'],
    ['1.e2', '100'],
    ['0E-8', '0.00000000'],
    ['0e0', '0'],
    ['0E-99', `0.${'0'.repeat(40)}`],
    ['-0.00', '0.00'],
    ['-0E-8', '0.00000000'],
    [7.91e-6, '0.00000791'],
    [1e21, '1000000000000000000000'],
    [61_000.5, '61000.5'],
    [0, '0'],
    [-0, '0'],
  ])('of %j is %s, digit for digit', (value, plain) => {
    expect(plainDecimal(value)).toBe(plain);
  });

  it.each([
    ...[
      '',
      ' ',
      '-1',
      '-0.00000001',
      '-1e-9',
      'NaN',
      'Infinity',
      '0x10',
      '1_000',
      '1,5',
      '1e',
      'e5',
    ],
    ...['1e400', '1e-400', '1e999999999', `1e${'9'.repeat(100)}`, '1 e5', '1e5 ', '--0', '1.2.3'],
    ...[-1, NaN, Infinity, 1e300, 5e-324, null, undefined, true, ['1'], {}],
  ])('is nowhere in %j', (value) => {
    expect(plainDecimal(value)).toBeNull();
  });

  it('means the same number as the notation that it was read from', () => {
    const written = fc.record({
      digits: fc.bigInt({ min: 0n, max: 10n ** 18n }),
      exponent: fc.integer({ min: -18, max: 18 }),
    });
    fc.assert(
      fc.property(written, ({ digits, exponent }) => {
        const plain = plainDecimal(`${digits}e${exponent}`) ?? '';
        const [units = '', fraction = ''] = plain.split('.');
        const scaled = BigInt(units + fraction.padEnd(18, '0'));
        expect(scaled).toBe(digits * 10n ** BigInt(exponent + 18));
      }),
    );
  });

  it('of any number that it takes reads back as that number', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e39, noNaN: true }), (number) => {
        const plain = plainDecimal(number);
        if (plain !== null) expect(Number(plain)).toBe(number);
        else expect(String(number)).toMatch(/e-/);
      }),
    );
  });
});
