import type { SymbolListing } from '../../domain/asset.js';

/** The body of `GET /api/v3/exchangeInfo`. */
export function exchangeInfo(
  listings: readonly SymbolListing[],
  { serverTime, weightLimit }: { readonly serverTime: number; readonly weightLimit: number },
): object {
  return {
    timezone: 'UTC',
    serverTime,
    rateLimits: [
      {
        rateLimitType: 'REQUEST_WEIGHT',
        interval: 'MINUTE',
        intervalNum: 1,
        limit: weightLimit,
      },
    ],
    exchangeFilters: [],
    symbols: listings.map(({ tickSize, ...listing }) => ({
      ...listing,
      ...(tickSize !== undefined && { filters: [priceFilter(tickSize)] }),
      baseAssetPrecision: 8,
      quotePrecision: 8,
      quoteAssetPrecision: 8,
      isSpotTradingAllowed: true,
      permissions: ['SPOT'],
    })),
  };
}

function priceFilter(tickSize: string) {
  return { filterType: 'PRICE_FILTER', minPrice: tickSize, maxPrice: '1000000000', tickSize };
}
