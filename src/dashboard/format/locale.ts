import { usableLocale } from './usable-locale.js';

/**
 * Makes the browser's language one that can be formatted with, before anything is loaded that asks for
 * it: libraries do, some of them as soon as they are.
 */
const locale = usableLocale([navigator.language, ...navigator.languages]);

if (navigator.language !== locale) {
  Object.defineProperty(navigator, 'language', { value: locale, configurable: true });
}
