import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { Context } from './tool.js';
import { convert } from './tools/convert.js';
import { matrix } from './tools/matrix.js';
import { rate } from './tools/rate.js';
import { series } from './tools/series.js';
import { status } from './tools/status.js';
import { strategy } from './tools/strategy.js';
import { testAlert } from './tools/test-alert.js';
import { wallet } from './tools/wallet.js';

const INSTRUCTIONS =
  'Dynamics observes spot prices every few seconds, a turn at a time, and works out what every asset of its universe ' +
  'costs in every other one. Each answer names its turn, when that was observed, how long that is ago, the path of ' +
  'listed pairs that a rate comes along, and prices that are stale. Say so where prices are simulated or old.';

/** The tools as a server of the Model Context Protocol; it still needs a transport. */
export function createToolServer(context: Context, version: string): McpServer {
  const server = new McpServer({ name: 'dynamics', version }, { instructions: INSTRUCTIONS });
  for (const register of [rate, convert, matrix, series, wallet, strategy, testAlert, status]) {
    register(server, context);
  }
  return server;
}
