import { defineConfig } from 'vite';

export default defineConfig({
  // Where src/http/pages.ts serves it.
  base: '/static/dashboard/',
  build: {
    target: 'es2022',
    // Under a strict policy nothing is written into the page itself.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    // What a view needs is asked for once the view is there, so that it can be tried again: see load-again.ts.
    modulePreload: {
      polyfill: false,
      resolveDependencies: (_file, needed, { hostType }) => (hostType === 'html' ? needed : []),
    },
    // Styles come with the page: one of a view that failed to come would not be tried again.
    cssCodeSplit: false,
    rolldownOptions: { checks: { moduleLevelDirective: false } },
  },
});
