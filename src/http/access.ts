import type { IncomingHttpHeaders } from 'node:http';

/** What an open server (one without API_SECRET_KEY) answers to. */
export interface AccessRule {
  /** Origins, beside the server's own, that browsers may call from. */
  readonly corsOrigins: readonly string[];
}

/** Why a request is refused, as HTTP has it. */
export interface Refusal {
  readonly status: 403;
  readonly message: string;
}

/** What proxies, load balancers and tunnels add to what they forward; browsers send none of it. */
const PROXY_HEADERS: ReadonlySet<string> = new Set([
  'cdn-loop',
  'cf-connecting-ip',
  'cf-connecting-ipv6',
  'cf-ipcountry',
  'cf-ray',
  'cf-visitor',
  'client-ip',
  'do-connecting-ip',
  'fastly-client-ip',
  'fly-client-ip',
  'forwarded',
  'forwarded-for',
  'front-end-https',
  'proxy-client-ip',
  'true-client-ip',
  'via',
  'wl-proxy-client-ip',
  'x-amzn-trace-id',
  'x-appengine-user-ip',
  'x-arr-log-id',
  'x-azure-clientip',
  'x-client-ip',
  'x-cloud-trace-context',
  'x-cluster-client-ip',
  'x-envoy-external-address',
  'x-nginx-proxy',
  'x-original-host',
  'x-original-uri',
  'x-original-url',
  'x-proxyuser-ip',
  'x-real-ip',
  'x-real-port',
  'x-remote-addr',
  'x-request-start',
  'x-scheme',
]);

/** The same, where a proxy has many. */
const PROXY_PREFIXES = [
  'x-forwarded',
  'x-original-forwarded',
  'x-vercel-',
  'x-envoy-',
  'tailscale-',
  'ngrok-',
];

function isProxyHeader(name: string): boolean {
  return PROXY_HEADERS.has(name) || PROXY_PREFIXES.some((prefix) => name.startsWith(prefix));
}

/** Guards a server where it is an open one. Null when the request may pass. */
export function refuseAt(
  headers: IncomingHttpHeaders,
  rule: AccessRule & { readonly apiSecretKey: string | null },
): Refusal | null {
  return rule.apiSecretKey === null ? refuseForeign(headers, rule) : null;
}

/**
 * Guards an open server against other people's web pages, which can make a browser on this machine
 * call it: by a name that is rebound to loopback (so only loopback names may stand in Host), or
 * across sites (so Origin must be the server's own, or listed). What a proxy forwarded comes from
 * elsewhere. Null when the request may pass.
 */
export function refuseForeign(headers: IncomingHttpHeaders, rule: AccessRule): Refusal | null {
  const { host, origin } = headers;
  if (host === undefined || !isLoopbackName(host)) {
    return refusal('Host must be a loopback name, for example localhost');
  }
  if (origin !== undefined && origin !== `http://${host}` && !rule.corsOrigins.includes(origin)) {
    return refusal('Origin is neither this server nor in CORS_ORIGINS');
  }
  const forwarded = Object.keys(headers).find(isProxyHeader);
  if (forwarded !== undefined) {
    return refusal(`an open server answers nothing that a proxy forwarded (${forwarded})`);
  }
  return null;
}

/**
 * Guards what acts and needs no body against pages of other sites: an image, a link or a prefetch is
 * enough for a browser to send it. Browsers say where such a request comes from; a program says
 * nothing, and passes. Null when the request may pass.
 * @param own the origin under which a browser knows this server
 */
export function refuseForgery(
  headers: IncomingHttpHeaders,
  rule: AccessRule,
  own = `http://${headers.host}`,
): string | null {
  const { origin, referer } = headers;
  if (headers['sec-purpose'] !== undefined || headers['purpose'] === 'prefetch') {
    return 'a browser may not run this ahead of time';
  }
  if (origin !== undefined && rule.corsOrigins.includes(origin)) return null;
  const site = headers['sec-fetch-site'];
  const isForeign =
    site === undefined
      ? [origin, referer].some((from) => from !== undefined && hostOf(from) !== hostOf(own))
      : site !== 'same-origin' && site !== 'none';
  return isForeign ? 'another site may not have a browser run this' : null;
}

/** Host and port, unless it is the usual one; null for what is no address. */
function hostOf(address: string): string | null {
  return URL.canParse(address) ? new URL(address).host : null;
}

function refusal(reason: string): Refusal {
  return { status: 403, message: `${reason}. Set API_SECRET_KEY to serve others.` };
}

/** Whether a Host header names loopback: `localhost`, 127.0.0.0/8 or [::1], with any port. */
function isLoopbackName(host: string): boolean {
  const name = host.replace(/:\d{1,5}$/, '').toLowerCase();
  return name === 'localhost' || name === '[::1]' || /^127(\.\d{1,3}){3}$/.test(name);
}
