import { describe, expect, it } from 'vitest';
import { RestApp } from '../support/rest.js';

const rest = new RestApp();

describe('the OpenAPI document', () => {
  it('has every path, made from the stored operations and the schema', async () => {
    const { body } = await rest.call('/openapi.json');
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
      'get /window/{kind} LatestWindow',
      'get /window/{kind}/series WindowSeries',
      'get /status Status',
      'get /strategy/config StrategyConfig',
      'post /strategy/config UpdateStrategyConfig',
      'get /strategy/aux StrategyAux',
      'get /series Series',
      'get /candles Candles',
      'get /attribution WalletAttribution',
      'get /convert Convert',
      'get /export Export',
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
    const { body } = await rest.call('/openapi.json');
    const paths = body['paths'] as Record<string, Record<string, unknown>>;
    const { responses } = paths['/strategy/config']?.['get'] as {
      responses: Record<string, { content: Record<string, { schema: { required: string[] } }> }>;
    };
    const { required } = responses['200']?.content['application/json']?.schema ?? {};
    expect(required).toEqual(Object.keys((await rest.call('/strategy/config')).body));
  });
});
