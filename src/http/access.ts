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

const PROXY_HEADERS = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-real-ip',
] as const;

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
  const forwarded = PROXY_HEADERS.find((name) => headers[name] !== undefined);
  if (forwarded !== undefined) {
    return refusal(`an open server answers nothing that a proxy forwarded (${forwarded})`);
  }
  return null;
}

function refusal(reason: string): Refusal {
  return { status: 403, message: `${reason}. Set API_SECRET_KEY to serve others.` };
}

/** Whether a Host header names loopback: `localhost`, 127.0.0.0/8 or [::1], with any port. */
function isLoopbackName(host: string): boolean {
  const name = host.replace(/:\d{1,5}$/, '').toLowerCase();
  return name === 'localhost' || name === '[::1]' || /^127(\.\d{1,3}){3}$/.test(name);
}
