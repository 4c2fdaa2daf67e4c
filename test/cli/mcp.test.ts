import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startApp } from '../support/app.js';
import { chain } from '../support/cycles.js';
import { useDatabase } from '../support/database.js';
import { builtProgram, runCommand, startServer } from '../support/process.js';
import { API_SECRET_KEY } from '../support/secrets.js';
import { temporaryFolder } from '../support/temporary.js';
import { turnReached } from '../support/turns.js';

const ASKED = { name: 'get_rate', arguments: { base: 'BTC', quote: 'USDT' } };
const database = useDatabase();

const stored = () => ({ MONGO_URI: database.engine.uri, DATABASE_NAME: 'mcp_stored' });

beforeAll(async () => {
  const { cycles } = await database.open('mcp_stored_simulated');
  await cycles.saveAll(chain(3));
});

/** The first words of a tool's answer. */
function wordsOf(answer: object): string {
  const { content } = answer as { content?: readonly { text: string }[] };
  return content?.[0]?.text ?? '';
}

async function hosted(env: Record<string, string>, args: readonly string[] = []): Promise<Client> {
  const cwd = temporaryFolder();
  const command = { command: process.execPath, args: [builtProgram(), 'mcp', ...args], env, cwd };
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(new StdioClientTransport({ ...command, stderr: 'pipe' }));
  onTestFinished(() => client.close());
  return client;
}

describe('dynamics mcp', () => {
  it('comes from nothing to the answer of a tool in ten lines', async () => {
    // A server without any setting, and the client of the protocol's own SDK.
    const folder = temporaryFolder();
    const server = await startServer({}, folder);
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [builtProgram(), 'mcp', '--url', server.url],
    });
    const client = new Client({ name: 'a-host', version: '1' });
    await client.connect(transport);
    await turnReached(server, 1);
    const answer = await client.callTool(ASKED);
    await client.close();
    expect(wordsOf(answer)).toMatch(/^1 BTC = [\d.]+ USDT .* Turn \d+, .* simulated, not real\.$/);
  });

  it('reads the database where no server is named, and what was stored since', async () => {
    const client = await hosted(stored());
    expect(wordsOf(await client.callTool(ASKED))).toMatch(/^1 BTC = 61030 USDT/);
    const { cycles } = await database.open('mcp_stored_simulated');
    await cycles.saveAll(chain(4).slice(-1));
    expect(wordsOf(await client.callTool(ASKED))).toMatch(/^1 BTC = 61040 USDT .* Turn 4,/);
    const wrong = { ...ASKED, arguments: { ...ASKED.arguments, base: 'NOPE' } };
    expect(await client.callTool(wrong)).toMatchObject({
      isError: true,
      content: [{ text: 'bases: "NOPE" is not in the universe' }],
    });
  });

  it('gives a server its access token', async () => {
    const { cycles } = await database.open('mcp_token_simulated');
    await cycles.saveAll(chain(1));
    const settings = { ...stored(), DATABASE_NAME: 'mcp_token', API_SECRET_KEY };
    const { url } = await startApp({ ...settings, DATA_DIR: database.dataDir });
    const { stdout } = await runCommand(['token', '--role', 'viewer'], settings, temporaryFolder());
    const client = await hosted({ DYNAMICS_URL: url, DYNAMICS_TOKEN: stdout.trim() });
    expect((await client.callTool(ASKED)).isError).toBeUndefined();
  });

  it('says what keeps it from the database to whoever asks', async () => {
    const client = await hosted({ DATA_DIR: '/dev/null' });
    const answer = await client.callTool(ASKED);
    expect(answer.isError).toBe(true);
    expect(wordsOf(answer)).toMatch(/^The database cannot be read: .* DATA_DIR \/dev\/null/);
    expect(wordsOf(answer)).not.toMatch(/\n +at /);
  });

  it('writes the protocol alone to standard output, answers all that was asked, and ends with its input', async () => {
    const env = { PATH: process.env['PATH'] ?? '', ...stored() };
    const child = spawn(process.execPath, [builtProgram(), 'mcp'], { cwd: temporaryFolder(), env });
    onTestFinished(() => void child.kill());
    const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: CLIENT };
    const lines = [
      { jsonrpc: '2.0', id: 1, method: 'initialize', params },
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      { jsonrpc: '2.0', id: 2, method: 'tools/call', params: ASKED },
      { jsonrpc: '2.0', id: 3, method: 'tools/call', params: { name: 'get_wallet' } },
    ];
    child.stdin.end(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const [printed] = await Promise.all([text(child.stdout), once(child, 'close')]);
    const answers = printed.trimEnd().split('\n');
    const parsed = answers.map((line) => JSON.parse(line) as { jsonrpc: string; id: number });
    expect(parsed.map(({ id }) => id).sort()).toEqual([1, 2, 3]);
    expect(child.exitCode).toBe(0);
  });

  it('alone loads what the protocol needs', () => {
    const bundle = fileURLToPath(new URL('../../dist/bundle/', import.meta.url));
    const files = readdirSync(bundle).filter((file) => file.endsWith('.js'));
    const having = (words: string) =>
      files.filter((file) => readFileSync(bundle + file, 'utf8').includes(words));
    expect(having('@modelcontextprotocol/sdk')).toEqual(['mcp.js']);
    expect(having('from "./mcp.js"')).toEqual([]);
  });

  it('refuses an address with a password, which a model would be told where nobody answers', async () => {
    const url = 'http://me:secret@127.0.0.1:1';
    const ended = await runCommand(['mcp', '--url', url], {}, temporaryFolder());
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toMatch(/^--url: expected an address without credentials/);
  });

  it('refuses an address that is none', async () => {
    const ended = await runCommand(['mcp', '--url', 'localhost:4000'], {}, temporaryFolder());
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toMatch(/^--url: expected an http:\/\/ or https:\/\/ address/);
  });
});

const CLIENT = { name: 'test', version: '1' };
