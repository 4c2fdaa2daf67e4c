import { MATRIX_KINDS } from '../domain/matrix.js';
import { RATE_PRICES } from '../domain/rates/trade-price.js';
import { AGGREGATES } from '../domain/series/aggregate.js';
import { FORMATS, MEDIA_TYPES, type EXPORT_PARAMETERS } from '../transfer/request.js';

type Parameter = (typeof EXPORT_PARAMETERS)[number];

const PARAMETERS: Readonly<Record<Parameter, object>> = {
  format: { type: 'string', enum: FORMATS, default: 'csv' },
  frames: { type: 'boolean', default: false, description: 'Whole cycles instead of cells.' },
  cells: { type: 'string', examples: ['BTC/USDT,ETH/BTC'], description: '1 to 100 of them.' },
  kind: { type: 'string', enum: MATRIX_KINDS, default: 'ID_BENCHMARK' },
  price: { type: 'string', enum: RATE_PRICES, default: 'LAST' },
  feeBps: { type: 'number', default: 0, description: 'TAKE: the fee on each leg, basis points.' },
  from: { type: 'string', examples: ['now-1d'], default: 'start' },
  to: { type: 'string', default: 'now' },
  every: { type: 'string', examples: ['5m'], default: 'turn' },
  of: {
    type: 'string',
    default: 'LAST',
    description: `Several of ${AGGREGATES.join(', ')}, separated by commas.`,
  },
};

/** `GET /export` in the OpenAPI document. */
export function describeExport(problem: object): object {
  return {
    operationId: 'Export',
    summary: 'What is stored as a file: cells turn by turn or in buckets, or whole cycles.',
    parameters: Object.entries(PARAMETERS).map(([name, schema]) => ({
      ...{ name, in: 'query', required: false, schema },
    })),
    responses: {
      200: {
        description: 'The file, as it is made.',
        content: Object.fromEntries(
          Object.values(MEDIA_TYPES).map((type): [string, object] => [
            type.split(';')[0] ?? type,
            {},
          ]),
        ),
      },
      default: problem,
    },
  };
}
