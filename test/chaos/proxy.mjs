// A TCP proxy that can be told to misbehave.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/**
 * Listens on a free port of 127.0.0.1 and passes on what comes, both ways, as its `mode` says:
 * - pass: at once
 * - cut: refuses and ends every connection
 * - hang: takes connections and bytes, and passes nothing on until another mode
 * - delay: everything `delayMs` late
 * - trickle: a few bytes at a time
 * @param {import('node:net').NetConnectOpts} target
 */
export async function startProxy(target) {
  const pairs = new Set();
  const proxy = { mode: 'pass', delayMs: 200, port: 0, set, stop };

  const server = createServer((client) => {
    if (proxy.mode === 'cut') return client.destroy();
    const upstream = connect(target);
    const pair = { client, upstream };
    pairs.add(pair);
    const end = () => {
      client.destroy();
      upstream.destroy();
      pairs.delete(pair);
    };
    for (const socket of [client, upstream]) socket.on('error', end).on('close', end);
    void pump(client, upstream).catch(end);
    void pump(upstream, client).catch(end);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  proxy.port = port;

  async function pump(from, to) {
    for await (const chunk of from) {
      while (proxy.mode === 'hang') await pause(20);
      if (proxy.mode === 'delay') await pause(proxy.delayMs);
      if (proxy.mode === 'trickle') {
        for (let at = 0; at < chunk.length && proxy.mode === 'trickle'; at += 512) {
          to.write(chunk.subarray(at, at + 512));
          await pause(5);
          if (proxy.mode !== 'trickle') to.write(chunk.subarray(at + 512));
        }
      } else if (!to.write(chunk)) await once(to, 'drain');
    }
    to.end();
  }

  /** @param {'pass' | 'cut' | 'hang' | 'delay' | 'trickle'} mode */
  function set(mode) {
    proxy.mode = mode;
    if (mode !== 'cut') return;
    for (const { client, upstream } of pairs) {
      client.destroy();
      upstream.destroy();
    }
  }

  async function stop() {
    set('cut');
    await new Promise((resolve) => server.close(resolve));
  }

  return proxy;
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
