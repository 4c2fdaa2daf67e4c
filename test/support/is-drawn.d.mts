/** For a page: whether a chart's canvas has a line or candles, that is something that is not grey. */
export const IS_DRAWN: string;
