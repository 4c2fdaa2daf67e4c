import { DatabaseUnavailableError } from '../../src/history/database-unavailable.js';
import type { Database } from '../../src/mongo/connect.js';

/** A database that is gone with the n-th write, before it is made or after. */
export function failing(whole: Database, writes: number, isMade: boolean): Database {
  let left = writes;
  const write: Database['write'] = async (operation, deadlineMs) => {
    if (left-- > 0) return whole.write(operation, deadlineMs);
    if (isMade && left === -1) await whole.write(operation, deadlineMs);
    throw new DatabaseUnavailableError('gone');
  };
  return new Proxy(whole, {
    get(target, name) {
      if (name === 'write') return write;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
