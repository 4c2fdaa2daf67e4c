import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { loadConfig } from '../../config.js';
import { httpUrl } from '../../environment.js';
import { openLog } from '../../log.js';
import { askOverHttp } from '../../mcp/over-http.js';
import type { Ask } from '../../mcp/ask.js';
import { createToolServer } from '../../mcp/server.js';
import { packageVersion } from '../../version.js';
import { StoredAsk } from '../stored-ask.js';
import { CommandFailure, reportingFailure } from '../with-database.js';

export interface McpOptions {
  readonly url?: string;
}

/** Answers a language model's tools until whoever started it goes. */
export async function mcp({ url }: McpOptions): Promise<void> {
  await reportingFailure(async () => {
    const config = loadConfig();
    const { asks } = config;
    const log = await openLog({ ...config, logLevel: 'error' });
    const onFault = (error: unknown): void => log.error({ err: error }, 'a tool failed');
    const stored = new StoredAsk(onFault);
    const base = url === undefined ? asks.url : addressOf(url);
    const underWay = new UnderWay(base === null ? stored.ask : askOverHttp(base, asks.token));
    const context = { ask: underWay.ask, now: Date.now, onFault };
    const server = createToolServer(context, packageVersion());
    const ended = endOfInput();
    await server.connect(new StdioServerTransport());
    await ended;
    await underWay.settled();
    await server.close();
    await stored.close();
  });
}

function addressOf(url: string): string {
  const { data, error } = httpUrl.safeParse(url);
  if (data !== undefined) return data;
  throw new CommandFailure([`--url: expected ${error.issues[0]?.message}`]);
}

function endOfInput(): Promise<void> {
  return new Promise((resolve) => {
    process.stdin.once('end', resolve).once('close', resolve);
    process.once('SIGINT', () => resolve()).once('SIGTERM', () => resolve());
  });
}

/** What is asked and not answered yet: whoever closes the input may still want the answers. */
class UnderWay {
  readonly #pending = new Set<Promise<unknown>>();
  readonly ask: Ask;

  constructor(ask: Ask) {
    this.ask = async (document, variables) => {
      const answer = ask(document, variables);
      this.#pending.add(answer);
      try {
        return await answer;
      } finally {
        this.#pending.delete(answer);
      }
    };
  }

  async settled(): Promise<void> {
    do {
      await Promise.allSettled(this.#pending);
      // A tool that goes on asks anew, or answers.
      await new Promise((resolve) => setImmediate(resolve));
    } while (this.#pending.size > 0);
  }
}
