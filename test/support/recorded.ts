import { parseExchangeInfo, parseTickers } from '../../src/exchange/binance/parse.js';

/**
 * USDT and the assets with the largest quote volume of the listed pairs that they are the base of,
 * in USDT, from a recorded `ticker/24hr` and a recorded `exchangeInfo` answer.
 */
export function largestAssets(tickers: unknown, exchangeInfo: unknown, count: number): string[] {
  const readings = new Map(parseTickers(tickers).map((reading) => [reading.symbol, reading]));
  const pairs = parseExchangeInfo(exchangeInfo).listings.flatMap((listing) => {
    const reading = readings.get(listing.symbol);
    return reading && reading.last > 0 ? [{ ...listing, ...reading }] : [];
  });
  const inUsdt = (asset: string): number => {
    if (asset === 'USDT') return 1;
    const find = (base: string, quote: string) =>
      pairs.find(({ baseAsset, quoteAsset }) => baseAsset === base && quoteAsset === quote)?.last;
    return find(asset, 'USDT') ?? 1 / (find('USDT', asset) ?? Infinity);
  };
  const volumes = new Map<string, number>();
  for (const { baseAsset, quoteAsset, quoteVolume } of pairs) {
    volumes.set(baseAsset, (volumes.get(baseAsset) ?? 0) + quoteVolume * inUsdt(quoteAsset));
  }
  const ranked = [...volumes].sort(([, a], [, b]) => b - a).map(([asset]) => asset);
  return ['USDT', ...ranked.filter((asset) => asset !== 'USDT')].slice(0, count);
}
