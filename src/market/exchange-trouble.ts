/** What may keep the exchange from being read, as stable codes. */
export const EXCHANGE_TROUBLES = [
  'NO_NAME',
  'NO_CONNECTION',
  'NO_ANSWER',
  'NOT_TRUSTED',
  'REGION',
  'REFUSED',
  'SILENCED',
  'ACCOUNT',
  'NOT_THE_API',
  'DOWN',
  'OTHER',
] as const;
export type ExchangeTroubleCode = (typeof EXCHANGE_TROUBLES)[number];

/** Why the exchange cannot be read at present. */
export interface ExchangeTrouble {
  readonly code: ExchangeTroubleCode;
  /** Milliseconds since 1970. */
  readonly since: number;
  /** What happened, in words, without secrets. */
  readonly message: string;
  /** What an operator may try, in sentences, the likeliest first. */
  readonly tryThis: readonly string[];
}
