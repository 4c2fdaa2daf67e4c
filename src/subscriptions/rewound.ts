import type { Wire } from './wire.js';

/** Close code for a client that was sent turns which are not stored so: it has to begin anew. */
const REWOUND = 4510;

/** @param stands the last turn that is stored as it was sent */
export function closeRewound(wire: Pick<Wire, 'close'>, stands: number): void {
  wire.close(REWOUND, `The turns after ${stands} are not stored as they were sent; begin anew`);
}
