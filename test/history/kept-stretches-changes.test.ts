import { describe, expect, it } from 'vitest';
import { SECOND } from '../../src/domain/series/span.js';
import { BEGIN, Place, told } from '../support/stretches-place.js';

describe('stretches that are kept', () => {
  it('are forgotten where the clock goes back into them', async () => {
    const place = new Place();
    place.now = BEGIN - SECOND;
    place.grow(24 * 3 + 1);
    await place.compare();
    place.grow(1, -40 * SECOND);
    place.grow(1, 50 * SECOND);
    expect(await place.compare()).toMatchObject({ turns: 24 + 3, fromKept: true });
    // Of those that lie apart nothing is kept.
    expect(await place.compare()).toMatchObject({ turns: 24 + 3, fromKept: true });
  });

  it.each<[string, (place: Place) => void]>([
    ['turns are purged', (place) => (place.epoch = 'second')],
    ['the clock goes back into them', (place) => place.grow(1, -40 * SECOND)],
    [
      'a turn is announced that cannot be read',
      (place) => place.kept.add(place.store(SECOND, { isReadable: false })),
    ],
    [
      'turns before an announced one were not announced',
      (place) => {
        place.store(-40 * SECOND);
        place.kept.add(place.store(41 * SECOND));
      },
    ],
  ])('are not kept of what was read while %s', async (_, change) => {
    const place = new Place();
    place.now = BEGIN - SECOND;
    place.grow(24 * 3 + 1);
    let changes = 0;
    place.meanwhile = () => {
      if (changes++ === 1) change(place);
    };
    await place.read();
    expect(changes).toBeGreaterThan(2);
    expect(place.kept.bytes).toBe(0);
    place.meanwhile = () => undefined;
    await place.compare();
  });

  it('are not kept of what was read while the clock goes back to before all that is stored', async () => {
    const place = new Place();
    place.now = BEGIN + 9 * SECOND;
    place.grow(20);
    place.before = () => {
      place.grow(1, -25 * SECOND);
      place.before = () => undefined;
    };
    await place.read();
    place.grow(1, 60 * SECOND);
    await place.compare();
    await place.compare();
  });

  it('with later turns than an answer has are not for that one', async () => {
    const place = new Place();
    place.now = BEGIN - SECOND;
    place.grow(24);
    place.grow(25, 25 * SECOND);
    const request = { to: { at: BEGIN + 5 * 24 * SECOND } };
    const { answer } = await told(place.read(request, place.plain));
    place.between = async () => {
      place.between = () => Promise.resolve();
      // Into a stretch that had no turn, and on; and somebody else reads that.
      place.grow(1, BEGIN + 30 * SECOND - place.now);
      place.grow(1, 1_000 * SECOND);
      await place.read(request);
    };
    const late = await told(place.read(request));
    expect(late.answer).toEqual(answer);
    expect(await place.compare(request)).toMatchObject({ fromKept: true });
  });
});
