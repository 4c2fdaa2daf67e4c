#!/usr/bin/env node
// Starts the program as src/build.mjs has bundled it. Its stack traces name the sources.
process.setSourceMapsEnabled(true);
await import(new URL('../bundle/program.js', import.meta.url).href);
