import { defineConfig } from 'vite';

export default defineConfig({
  // Where src/http/pages.ts serves it.
  base: '/static/dashboard/',
  build: {
    target: 'es2022',
    // Under a strict policy nothing is written into the page itself.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    modulePreload: { polyfill: false },
    rolldownOptions: { checks: { moduleLevelDirective: false } },
  },
});
