import { defineConfig } from 'vite';

export default defineConfig({
  // Where src/http/graphiql-page.ts serves it.
  base: '/graphiql/',
  // Scripts and styles find each other wherever a proxy has put them; the page, where it is served.
  experimental: {
    renderBuiltUrl: (_file, { hostType }) => (hostType === 'html' ? undefined : { relative: true }),
  },
  build: {
    target: 'es2022',
    // The editor is large, and comes from the same machine.
    chunkSizeWarningLimit: 8_000,
    reportCompressedSize: false,
    license: { fileName: 'THIRD-PARTY-NOTICES.md' },
    // 'use client' in dependencies, which means something to server rendering only; how long plugins take.
    rolldownOptions: { checks: { moduleLevelDirective: false, bundlerTimings: false } },
  },
});
