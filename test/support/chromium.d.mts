import type { Browser } from 'playwright-core';

/**
 * Starts the packaged Chromium, with the libraries and fonts that come with it.
 * @param more of its environment, for example the locale that it runs under
 */
export function launchChromium(more?: Readonly<Record<string, string>>): Promise<Browser>;
