import type { ChannelProblem } from './channel.js';
import type { AlertMessage } from './message.js';

/** How many messages wait for a channel at most: of more, the oldest are given up. */
export const MOST_WAITING = 1_000;

/** A message on its way to a channel. */
export interface Delivery {
  /** The channel's id. */
  readonly channel: string;
  /** In the order in which a channel is told. */
  readonly number: number;
  /** When it was added, milliseconds since 1970. */
  readonly addedAt: number;
  readonly message: AlertMessage;
}

/** What is to be told through a channel. */
export interface Addition {
  /** The channel's id. */
  readonly channel: string;
  /** In order. */
  readonly messages: readonly AlertMessage[];
}

/** How telling a channel has gone. Times are milliseconds since 1970. */
export interface ChannelStanding {
  readonly channel: string;
  /** Since when every attempt has failed, and how many those are; null and 0 after one that did not. */
  readonly failingSince: number | null;
  readonly failures: number;
  /** Not before this; 0: at once. */
  readonly nextAt: number;
  /** Why it is switched off, and since when; null while it is not. */
  readonly problem: Exclude<ChannelProblem, 'SECRET_UNREADABLE'> | null;
  readonly offSince: number | null;
  /** What came back last. */
  readonly words: string;
}

/**
 * What is on its way, in order for each channel, and how each channel stands. Every method throws
 * {@link DatabaseUnavailableError} while the database is away; all may be repeated.
 */
export interface DeliveryStore {
  /**
   * Adds messages for channels, durably, in a few writes however many there are. One that was added before,
   * whether it is delivered by now or not, is not added again; the oldest beyond {@link MOST_WAITING} of a
   * channel are given up.
   * @param additions each channel once
   * @returns how many were given up, of channels of which any were
   */
  add(additions: readonly Addition[], now: number): Promise<ReadonlyMap<string, number>>;
  /** How many messages wait, for each channel for which any does. */
  waiting(): Promise<Map<string, number>>;
  /** The next ones of a channel, in order. */
  next(channel: string, limit: number): Promise<Delivery[]>;
  /** It need not be told again, nor be added again, nor have been added before. */
  markDelivered(delivery: Delivery, now: number): Promise<void>;
  /** Gives up the oldest that wait for a channel but for so many. @returns how many were given up */
  drop(channel: string, kept: number): Promise<number>;
  /** Forgets what was delivered before a moment. */
  forgetDelivered(before: number): Promise<void>;
  /** Of those channels that have failed, or are off. */
  standings(): Promise<ChannelStanding[]>;
  /** Of a channel for which something was added; of one that is gone since, nothing is saved. */
  saveStanding(standing: ChannelStanding): Promise<void>;
}
