import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import type { Ask } from '../../src/mcp/ask.js';
import { askOverHttp } from '../../src/mcp/over-http.js';
import { createToolServer } from '../../src/mcp/server.js';
import { launchApp, type RunningApp } from './app.js';
import { chain, START } from './cycles.js';
import { useDatabase } from './database.js';
import { frameAt, observed, ScriptedMarket } from './scripted-market.js';
import { turnReached } from './turns.js';

const SECOND = 1_000;

interface Answered {
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly isError: boolean;
}

/**
 * A server for the tests of one file about tools. It has turns 1 to 5, the second with prices that are too
 * old, and a sixth that it runs itself.
 */
export class ToolPlace {
  #app!: RunningApp;

  constructor() {
    const database = useDatabase();
    beforeAll(async () => {
      const name = `mcp_${process.pid}`;
      const { cycles } = await database.open(`${name}_simulated`);
      await cycles.saveAll(
        chain(5).map((one) => (one.turn === 2 ? { ...one, staleAfterMs: 1 } : one)),
      );
      const market = new ScriptedMarket(() => observed(frameAt(START + 6 * SECOND, 6)));
      this.#app = await launchApp(
        {
          ...{ MONGO_URI: database.engine.uri, DATABASE_NAME: name, DATA_DIR: database.dataDir },
          ...{ ASSETS: 'USDT,BTC,ETH,XRP', CYCLE_INTERVAL_MS: '86400000' },
        },
        { market },
      );
      await turnReached(this.#app, 6);
    });
    afterAll(() => this.#app.stop());
  }

  /** A client of the tools, as a model's host has one. */
  async connected(ask: Ask = askOverHttp(this.#app.url, null)) {
    const faults: unknown[] = [];
    const now = () => START + 10 * SECOND;
    const server = createToolServer({ ask, now, onFault: (fault) => faults.push(fault) }, '1.2.3');
    const client = new Client({ name: 'test', version: '1' });
    const [one, other] = InMemoryTransport.createLinkedPair();
    await Promise.all([server.connect(one), client.connect(other)]);
    onTestFinished(() => client.close());
    const call = async (name: string, args: Record<string, unknown> = {}): Promise<Answered> => {
      const answer = await client.callTool({ name, arguments: args });
      const [first] = answer.content as { text: string }[];
      const data = (answer.structuredContent ?? {}) as Answered['data'];
      return { text: first?.text ?? '', data, isError: answer.isError === true };
    };
    return { client, call, faults };
  }
}
