import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createServer } from 'vite';
import { query } from '../support/app.js';
import { describeWithBrowser } from '../support/browser.js';
import { expectWell, useDashboards } from '../support/dashboards.js';
import { useDatabase } from '../support/database.js';
import { RawSocket } from '../support/socket.js';

const ROOT = fileURLToPath(new URL('../../src/dashboard', import.meta.url));

/** What `npm run dev` runs, for a server; it ends with the test. */
async function develop(api: string): Promise<string> {
  vi.stubEnv('VITE_API_URL', api);
  const vite = await createServer({ root: ROOT, logLevel: 'error', server: { port: 0 } });
  vi.unstubAllEnvs();
  onTestFinished(() => vite.close());
  await vite.listen();
  const address = vite.httpServer?.address();
  if (typeof address !== 'object' || address === null) throw new Error('it does not listen');
  return `http://localhost:${address.port}`;
}

describeWithBrowser('the dashboard from its sources', () => {
  const database = useDatabase();
  const { serve, open } = useDashboards(database);

  it('shows the running server that VITE_API_URL names, live', async () => {
    const app = await serve();
    const url = await develop(app.url);
    const view = await open({ url });
    // The first time Vite makes packages ready for it, which takes long on a busy machine.
    await view.page.goto(`${url}/`, { waitUntil: 'commit' });
    await expect.poll(() => view.turn(), { timeout: 90_000 }).toBeGreaterThan(0);
    await view.turnAfter(await view.turn());
    expect(view.pushed.length).toBeGreaterThan(0);
    expectWell(view);
  });

  it('stands for its own page before that server, and for no other site’s', async () => {
    const app = await serve();
    const url = await develop(app.url);
    const ask = (origin: string) => query({ url }, '{ status { version } }', {}, { origin });
    expect((await ask(url)).data).toHaveProperty('status');
    expect((await ask('https://evil.example')).status).toBe(403);
    const socket = await RawSocket.open({ url }, {}, { headers: { origin: url } });
    expect((await socket.run('{ status { version } }')).errors).toBeUndefined();
    socket.close();
    const foreign = RawSocket.open({ url }, {}, { headers: { origin: 'https://evil.example' } });
    await expect(foreign).rejects.toThrow();
  });
});
