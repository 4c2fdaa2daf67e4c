import { HeaderMap } from '@apollo/server';
import type { GraphQLError } from 'graphql';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { limitExceeded } from '../graphql/limits.js';

const MINUTE_S = 60;

/** Counts the operations of each client, over HTTP and WebSocket together. */
export class RateLimit {
  readonly #perMinute: number;
  readonly #limiter: RateLimiterMemory;

  /** @param perMinute operations that one client may send in a minute; 0 for any number */
  constructor(perMinute: number) {
    this.#perMinute = perMinute;
    this.#limiter = new RateLimiterMemory({ points: Math.max(1, perMinute), duration: MINUTE_S });
  }

  /** The error for a client that sends too much, or null. */
  async refuse(client: string, operations: number): Promise<GraphQLError | null> {
    if (this.#perMinute === 0) return null;
    try {
      await this.#limiter.consume(client, operations);
      return null;
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      const seconds = Math.ceil(error.msBeforeNext / 1000);
      const headers = new HeaderMap([['retry-after', String(seconds)]]);
      return limitExceeded('operations a minute', this.#perMinute, error.consumedPoints, {
        retryAfterS: seconds,
        http: { status: 429, headers },
      });
    }
  }
}
