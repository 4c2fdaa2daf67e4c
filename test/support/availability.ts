import { MongoNetworkError } from 'mongodb';
import { onTestFinished } from 'vitest';
import { Availability, type DatabaseRun } from '../../src/mongo/availability.js';

/** What the driver says of a database that it does not reach. */
export const gone = () => new MongoNetworkError('connection closed');

/** Something that can be asked, as long as it is there, and that counts how often it was. */
class Asked {
  fault: (() => Error) | null = null;
  times = 0;

  ask = (): Promise<string> => {
    this.times++;
    return this.fault ? Promise.reject(this.fault()) : Promise.resolve('an answer');
  };
}

/** Whether a database is there that a test has fail: for reads, or, over a basis, for writes. */
export function availabilityOf(basis?: Availability) {
  const asked = new Asked();
  const probed = new Asked();
  const runs: DatabaseRun['outcome'][] = [];
  let returns = 0;
  const availability = new Availability({
    words: basis ? 'it takes no writes' : 'it is not reachable',
    probe: () => probed.ask().then(() => undefined),
    ...(basis && { basis }),
    onRun: ({ outcome }) => runs.push(outcome),
  });
  availability.onBack(() => returns++);
  onTestFinished(() => availability.close());
  const fail = (fault: (() => Error) | null): void => {
    asked.fault = fault;
    probed.fault = fault;
  };
  return { availability, asked, probed, runs, fail, returns: () => returns };
}
