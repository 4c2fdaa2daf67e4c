/** What somebody can do about a turn that was not completed. */
export interface Advice {
  readonly title: string;
  /** What to try, the likeliest first. A part between backticks is to be typed. */
  readonly steps: readonly string[];
}

/** The exchange's own: what to try comes with the status, since it depends on what was found. */
const EXCHANGE: Readonly<Record<string, string>> = {
  EXCHANGE_UNREACHABLE: 'The exchange cannot be reached',
  EXCHANGE_TIMEOUT: 'The exchange does not answer',
  EXCHANGE_ERROR: 'The exchange refuses to answer',
  EXCHANGE_BAD_RESPONSE: 'What answers is not the exchange',
  EXCHANGE_RATE_LIMITED: 'The exchange wants no calls for now',
  EXCHANGE_BANNED: 'The exchange wants no calls for now',
  ACCOUNT_UNREADABLE: 'The account cannot be read',
};

const OTHERS: Readonly<Record<string, Advice>> = {
  TOO_FEW_SYMBOLS: {
    title: 'None of the assets has a price',
    steps: [
      'Check the names in `ASSETS`: those of the exchange, for example `ASSETS=USDT,BTC,ETH`.',
      'At least two of them have to be a pair that the exchange lists.',
    ],
  },
  DATABASE_UNAVAILABLE: {
    title: 'The database cannot be reached',
    steps: [
      'Check `MONGO_URI`, and whether that server runs.',
      'Without `MONGO_URI` the database that comes with this program is used, in `DATA_DIR`.',
    ],
  },
  REPLAY_ENDED: {
    title: 'The recording has ended',
    steps: [
      'To play it again, start with another `DATABASE_NAME` or an empty `DATA_DIR`.',
      'Whether it holds prices between the assets of `ASSETS` is worth a look where nothing of it was stored.',
    ],
  },
};

/**
 * What can be done where a turn ended with a code; null where nothing special is known.
 * @param tried what the exchange's own status says to try
 */
export function adviceFor(code: string, tried: readonly string[]): Advice | null {
  const title = EXCHANGE[code];
  return title === undefined ? (OTHERS[code] ?? null) : { title, steps: tried };
}
