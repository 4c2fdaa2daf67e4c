import type { GraphQLError } from 'graphql';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Rate } from '../operate/admission.js';
import { limitExceeded } from '../graphql/errors.js';
import { retryAfter } from '../operate/operation-limits.js';

const MINUTE_S = 60;

/** Counts the operations of each client, over HTTP and WebSocket together; dear ones count several times. */
export class RateLimit implements Rate {
  readonly #perMinute: number;
  readonly #limiter: RateLimiterMemory;

  /** @param perMinute operations that one client may send in a minute; 0 for any number */
  constructor(perMinute: number) {
    this.#perMinute = perMinute;
    this.#limiter = new RateLimiterMemory({ points: Math.max(1, perMinute), duration: MINUTE_S });
  }

  async refuse(client: string, operations: number): Promise<GraphQLError | null> {
    if (this.#perMinute === 0) return null;
    try {
      await this.#limiter.consume(client, operations);
      return null;
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      const seconds = Math.ceil(error.msBeforeNext / 1000);
      const retry = retryAfter(seconds, 429);
      return limitExceeded('operations a minute', this.#perMinute, error.consumedPoints, retry);
    }
  }

  async refuseFurther(client: string, operations: number): Promise<GraphQLError | null> {
    // One that is dearer than all that a minute allows takes all of it.
    const counted = Math.min(operations, this.#perMinute - 1);
    if (counted <= 0) return null;
    const refused = await this.refuse(client, counted);
    // What was not run leaves room for what costs less.
    if (refused) await this.#limiter.reward(client, counted);
    return refused;
  }
}
