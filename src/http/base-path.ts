import type { ServerResponse } from 'node:http';

/**
 * Takes the path that everything is served under off an address, where it stands there: a proxy passes
 * it on, or has taken it off itself.
 * @param basePath without a slash at its end; empty where there is none
 */
export function withoutBasePath(basePath: string, url: string): string {
  if (basePath === '' || !isUnder(basePath, url)) return url;
  const rest = url.slice(basePath.length);
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/**
 * The path alone, without a slash, names no place that addresses can be relative to: browsers are sent
 * on. @returns whether it was that
 */
export function sendToBasePath(basePath: string, url: string, response: ServerResponse): boolean {
  const [path, query] = url.split(/\?(.*)/s);
  if (basePath === '' || path !== basePath) return false;
  const location = `${basePath}/${query === undefined ? '' : `?${query}`}`;
  response.writeHead(308, { Location: location, 'Content-Length': 0 }).end();
  return true;
}

/** A page with its addresses, which begin at the root, under the path. */
export function underBasePath(basePath: string, page: string): string {
  return page.replace(/(\b(?:src|href)=")\/(?!\/)/g, `$1${basePath}/`);
}

function isUnder(basePath: string, url: string): boolean {
  return url.startsWith(basePath) && /^(?:[/?]|$)/.test(url.slice(basePath.length));
}
