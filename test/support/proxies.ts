import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { makeTemporaryFolder, removeFolder } from './temporary.js';
import { until } from './until.js';

/** A running proxy, before a server. */
export interface RunningProxy {
  /** Where it has the server. */
  readonly url: string;
  stop(): Promise<void>;
}

/** A proxy that people put before the server, with the example that is shipped for it. */
export interface Proxy {
  readonly name: string;
  readonly example: string;
  readonly isInstalled: boolean;
  /** The whole of its settings, around the example. @param folder its own */
  readonly around: (example: string, folder: string) => string;
  readonly args: (file: string, folder: string) => readonly string[];
}

const isInstalled = (name: string, ...args: string[]): boolean =>
  spawnSync(name, args, { stdio: 'ignore' }).status === 0;

export const PROXIES: readonly Proxy[] = [
  {
    name: 'nginx',
    example: 'deploy/nginx.conf',
    isInstalled: isInstalled('nginx', '-v'),
    around: (example, folder) => {
      const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
        (kind) => `${kind}_temp_path ${folder}/${kind};`,
      );
      return [
        `daemon off; pid ${folder}/nginx.pid; error_log stderr warn; events {}`,
        `http { access_log off; ${temporary.join(' ')}`,
        `${example}}`,
      ].join('\n');
    },
    args: (file, folder) => ['-e', 'stderr', '-p', folder, '-c', file],
  },
  {
    name: 'caddy',
    example: 'deploy/Caddyfile',
    isInstalled: isInstalled('caddy', 'version'),
    around: (example) => `{\n\tadmin off\n}\n${example}`,
    args: (file) => ['run', '--adapter', 'caddyfile', '--config', file],
  },
];

/** Starts a proxy with its example, but for the ports. @param url where the server is */
export async function startProxy(proxy: Proxy, url: string): Promise<RunningProxy> {
  const folder = makeTemporaryFolder();
  const port = await freePort();
  const example = readFileSync(proxy.example, 'utf8')
    .replace('8080', String(port))
    .replace('127.0.0.1:4000', `127.0.0.1:${new URL(url).port}`);
  const file = path.join(folder, 'proxy.conf');
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, proxy.around(example, folder));
  const child = spawn(proxy.name, proxy.args(file, folder), {
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, XDG_DATA_HOME: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = once(child, 'close');
  const running = `http://127.0.0.1:${port}/dynamics`;
  await until(
    `${proxy.name} to answer`,
    async () => {
      if (child.exitCode !== null) throw new Error(`${proxy.name} ended: ${said}`);
      return (await fetch(`${running}/healthz`).catch(() => null))?.status ?? said;
    },
    (answer) => answer === 200,
  );
  return {
    url: running,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      removeFolder(folder);
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
