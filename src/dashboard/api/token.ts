const KEY = 'dynamics.token';

const listeners = new Set<() => void>();

function tell(): void {
  for (const listener of listeners) listener();
}

// Another tab remembers a token, or forgets it.
window.addEventListener('storage', ({ key }) => {
  if (key === KEY) tell();
});

/**
 * The access token of this browser tab: it is gone when the tab is closed, unless one chose to have it
 * remembered.
 */
export const token = {
  get(): string | null {
    return sessionStorage.getItem(KEY) ?? localStorage.getItem(KEY);
  },

  isRemembered(): boolean {
    return localStorage.getItem(KEY) !== null;
  },

  /**
   * @param value null forgets it, wherever it is
   * @param isRemembered whether all tabs have it, also after the browser was closed
   */
  set(value: string | null, isRemembered = false): void {
    sessionStorage.removeItem(KEY);
    localStorage.removeItem(KEY);
    if (value !== null) (isRemembered ? localStorage : sessionStorage).setItem(KEY, value);
    tell();
  },

  /** The header, and the connection parameter, that carries it. */
  headers(): Record<string, string> {
    const value = token.get();
    return value === null ? {} : { authorization: `Bearer ${value}` };
  },

  onChange(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

/** What a token says of itself. The server alone judges whether it is true. */
interface TokenClaims {
  readonly role: string | null;
  /** Milliseconds since 1970. */
  readonly expiresAt: number | null;
}

/** Reads the claims of a token; null of what is none. */
export function claimsOf(value: string): TokenClaims | null {
  try {
    const [, payload = ''] = value.split('.');
    const bytes = atob(payload.replaceAll('-', '+').replaceAll('_', '/'));
    const { role, exp } = JSON.parse(bytes) as { role?: unknown; exp?: unknown };
    return {
      role: typeof role === 'string' ? role : null,
      expiresAt: typeof exp === 'number' ? exp * 1_000 : null,
    };
  } catch {
    return null;
  }
}
