import { describe, expect, it } from 'vitest';
import { query, type RunningApp } from '../support/app.js';
import { scripted, useLoggedApp } from '../support/logged-app.js';
import { metric } from '../support/metrics.js';
import { runTurn, turnReached } from '../support/turns.js';

const start = useLoggedApp();

describe('listings', () => {
  interface Listing {
    readonly base: string;
    readonly quote: string;
    readonly symbol: string;
    readonly tickSize: string | null;
  }
  const LISTINGS = '{ listings { base quote symbol tickSize } }';
  const listingsOf = async (app: RunningApp): Promise<readonly Listing[]> =>
    (await query<{ listings: Listing[] }>(app, LISTINGS)).data?.listings ?? [];

  it('are the pairs of the newest turn with the ticks that the exchange states', async () => {
    const { app } = await start({ EXCHANGE: 'simulated' });
    await turnReached(app, 1);
    const listings = await listingsOf(app);
    expect(listings).toHaveLength(28);
    expect(listings.map(({ symbol }) => symbol)).toEqual(
      listings.map(({ symbol }) => symbol).sort(),
    );
    const tickOf = (symbol: string) => listings.find((one) => one.symbol === symbol);
    expect(tickOf('BTCUSDT')).toEqual({
      ...{ base: 'BTC', quote: 'USDT', symbol: 'BTCUSDT', tickSize: '0.01' },
    });
    expect(tickOf('DOGEBTC')?.tickSize).toBe('0.00000001');
    expect(tickOf('BTCJPY')?.tickSize).toBe('1');
  });

  it('cost the exchange nothing, however often a turn is run and they are asked for', async () => {
    const { app } = await start({ EXCHANGE: 'simulated' });
    for (let turns = 0; turns < 3; turns++) {
      await runTurn(app);
      await listingsOf(app);
    }
    const calls = 'dynamics_exchange_calls_total{endpoint="exchangeInfo",outcome="OK"}';
    expect(await metric(app, calls.replaceAll(/[{}]/g, '\\$&'))).toBe(1);
  });

  it('have no tick where nobody states one', async () => {
    const { app } = await start({ ASSETS: 'USDT,BTC,ETH' }, { market: scripted() });
    await turnReached(app, 1);
    const listings = await listingsOf(app);
    expect(listings.map(({ symbol }) => symbol)).toEqual(['BTCUSDT', 'ETHBTC', 'ETHUSDT']);
    expect(listings.every(({ tickSize }) => tickSize === null)).toBe(true);
  });
});
