const KEY = 'dynamics.reloaded';

let attempts = 0;

/**
 * Loads a file of the page. Browsers may keep in mind that a file could not be loaded, so it is asked
 * for by another address where it is there after all; where an upgrade has taken it away, the page is
 * loaded anew, once.
 * @throws an Error in words for people
 */
export async function loadAgain<File>(load: () => Promise<File>): Promise<File> {
  try {
    return await load();
  } catch (error) {
    const address = addressIn(error);
    if (address === null) throw error;
    const answer = await fetch(address, { cache: 'no-store' }).catch(() => null);
    if (!answer) {
      throw new Error('The server cannot be reached. It is tried again once it is back.', {
        cause: error,
      });
    }
    if (answer.ok) return await loadAtAnother(address);
    if (answer.status === 404 && reloadFor(address)) return new Promise(() => undefined);
    throw new Error(`The server does not have the view's file (${answer.status}).`, {
      cause: error,
    });
  }
}

/** What is kept in mind may be of a file that it needs, as others do: then the page is loaded anew, once. */
async function loadAtAnother<File>(address: string): Promise<File> {
  try {
    return (await import(/* @vite-ignore */ anotherOf(address))) as File;
  } catch (error) {
    if (reloadFor(address)) return new Promise(() => undefined);
    throw new Error('The view cannot be loaded.', { cause: error });
  }
}

/** The address that a browser says it could not load. */
function addressIn(error: unknown): string | null {
  const [found] = /https?:\/\/\S+\.js/.exec(error instanceof Error ? error.message : '') ?? [];
  return found !== undefined && new URL(found).origin === window.location.origin ? found : null;
}

function anotherOf(address: string): string {
  return `${address}?again=${++attempts}`;
}

/** @returns whether the page is loaded anew; not twice for the same file */
function reloadFor(address: string): boolean {
  if (sessionStorage.getItem(KEY) === address) return false;
  sessionStorage.setItem(KEY, address);
  window.location.reload();
  return true;
}
