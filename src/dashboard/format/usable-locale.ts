/** What is written where the browser has no locale that scripts could use. */
const FALLBACK = 'en-GB';

/**
 * A browser that runs under the locale C or POSIX calls its language `en-US@posix`, or `C`: names that
 * every function of Intl throws a RangeError at.
 */
export function usableLocale(languages: readonly string[]): string {
  for (const language of languages) {
    const name = language.replace(/[.@].*$/, '').replaceAll('_', '-');
    try {
      const [found] = Intl.NumberFormat.supportedLocalesOf(name);
      if (found !== undefined) return found;
    } catch {
      // No name of a language at all: the next one.
    }
  }
  return FALLBACK;
}
