import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchApp, type RunningApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { frameAt, observed, ScriptedMarket } from '../support/scripted-market.js';
import { turnReached } from '../support/turns.js';
import { type RestAnswer } from '../support/rest.js';

const database = useDatabase();
const market = new ScriptedMarket((n) => observed(frameAt(1_700_000_000_000 + n * 60_000, n)));
let app: RunningApp;
let run = 0;

function start(settings: Readonly<Record<string, string>> = {}): Promise<RunningApp> {
  return launchApp(
    {
      MONGO_URI: database.engine.uri,
      DATABASE_NAME: `rest_${process.pid}_${++run}`,
      DATA_DIR: database.dataDir,
      ASSETS: 'USDT,BTC,ETH',
      CYCLE_INTERVAL_MS: '86400000',
      ...settings,
    },
    { market },
  );
}

beforeAll(async () => {
  app = await start();
  await turnReached(app, 1);
});
afterAll(() => app.stop());

async function call(path: string, init: RequestInit = {}, to = app): Promise<RestAnswer> {
  const response = await fetch(to.url + path, init);
  const { status, headers } = response;
  const body = (await response.json()) as Record<string, unknown>;
  return { status, type: headers.get('content-type')?.split(';')[0] ?? null, body, headers };
}

describe('the OpenAPI document', () => {
  it('has every path, made from the stored operations and the schema', async () => {
    const { body } = await call('/openapi.json');
    const paths = body['paths'] as Record<string, Record<string, { operationId: string }>>;
    expect(
      Object.entries(paths).flatMap(([path, methods]) =>
        Object.entries(methods).map(
          ([method, { operationId }]) => `${method} ${path} ${operationId}`,
        ),
      ),
    ).toEqual([
      'get /dashboard RunCycle',
      'get /wallet Wallet',
      'get /assets Assets',
      'get /market Market',
      'get /matrix/{type} LatestMatrix',
      'get /status Status',
      'get /strategy/config StrategyConfig',
      'post /strategy/config UpdateStrategyConfig',
      'get /strategy/aux StrategyAux',
    ]);
    const { parameters } = paths['/matrix/{type}']?.['get'] as unknown as {
      parameters: { name: string; in: string; required: boolean }[];
    };
    expect(parameters.map(({ name, in: place, required }) => [name, place, required])).toEqual([
      ['type', 'path', true],
      ['bases', 'query', false],
      ['quotes', 'query', false],
      ['digits', 'query', false],
    ]);
  });

  it('describes the answers as they are', async () => {
    const { body } = await call('/openapi.json');
    const paths = body['paths'] as Record<string, Record<string, unknown>>;
    const { responses } = paths['/strategy/config']?.['get'] as {
      responses: Record<string, { content: Record<string, { schema: { required: string[] } }> }>;
    };
    const { required } = responses['200']?.content['application/json']?.schema ?? {};
    expect(required).toEqual(Object.keys((await call('/strategy/config')).body));
  });
});
