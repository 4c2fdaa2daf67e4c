import { type IncomingHttpHeaders } from 'node:http';
import { vi } from 'vitest';
import { CycleFeed } from '../../src/feeds/cycle-feed.js';

export const MATRIX =
  '{ latestCycle { turn matrices { kind values } again: matrices { values ages legs paths: kind } } }';

/** Each of these is one execution of an operation that reads the newest cycle. */
export const executions = vi.fn();
// eslint-disable-next-line @typescript-eslint/unbound-method -- it is called on its own object
export const { latest } = CycleFeed.prototype;

export interface Raw {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}
