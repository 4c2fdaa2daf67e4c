import type { Browser } from 'playwright-core';

/** Starts the packaged Chromium, with the libraries and fonts that come with it. */
export function launchChromium(): Promise<Browser>;
