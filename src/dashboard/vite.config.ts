import type { ClientRequest, IncomingMessage } from 'node:http';
import { defineConfig, loadEnv, type ProxyOptions } from 'vite';

/** The server that `npm run dev` shows the page of: where `npm start` serves without settings. */
const DEFAULT_API = 'http://127.0.0.1:4000';

export default defineConfig(({ command, mode }) => ({
  // Where src/http/pages.ts serves it.
  base: command === 'serve' ? '/' : '/static/dashboard/',
  experimental: { renderBuiltUrl: besideEachOther },
  // What is made ready for development goes with what is built.
  cacheDir: '../../dist/.vite',
  server: {
    proxy: proxyTo(loadEnv(mode, process.cwd(), 'VITE_')['VITE_API_URL'] ?? DEFAULT_API),
  },
  build: {
    target: 'es2022',
    // Under a strict policy nothing is written into the page itself.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    license: { fileName: 'THIRD-PARTY-NOTICES.md' },
    // What a view needs is asked for once the view is there, so that it can be tried again: see load-again.ts.
    modulePreload: {
      polyfill: false,
      resolveDependencies: (_file, needed, { hostType }) => (hostType === 'html' ? needed : []),
    },
    // Styles come with the page: one of a view that failed to come would not be tried again.
    cssCodeSplit: false,
    rolldownOptions: { checks: { moduleLevelDirective: false, bundlerTimings: false } },
  },
}));

/** Scripts and styles find each other wherever a proxy has put them; the page, where it is served. */
function besideEachOther(_file: string, { hostType }: { readonly hostType: string }) {
  return hostType === 'html' ? undefined : { relative: true };
}

/** The API at the page's own address, as it is where it was built; over HTTP and WebSocket. */
function proxyTo(target: string): Record<string, ProxyOptions> {
  const options: ProxyOptions = {
    target,
    ws: true,
    changeOrigin: true,
    configure(proxy) {
      const own = (outgoing: ClientRequest, incoming: IncomingMessage): void =>
        passAsOwn(outgoing, incoming, new URL(target).origin);
      proxy.on('proxyReq', own);
      proxy.on('proxyReqWs', own);
    },
  };
  return { '/graphql': options, '/graphiql': options };
}

/**
 * An open server answers only its own page, which this one stands for. Another site's page stays one:
 * what its browser sends is refused by the server as ever.
 */
function passAsOwn(outgoing: ClientRequest, incoming: IncomingMessage, origin: string): void {
  const { host, origin: from } = incoming.headers;
  if (from !== undefined && from === `http://${host}`) outgoing.setHeader('origin', origin);
}
