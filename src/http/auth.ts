import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { errors, jwtVerify, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import type { Viewer } from '../graphql/rights.js';
import { ROLES, type Role } from '../graphql/roles.js';

const ALGORITHM = 'HS256';
const EXPIRED = 'the access token has expired';

/** Why a token is refused, in words without the token. */
export interface TokenRefusal {
  readonly ok: false;
  readonly message: string;
}

export type TokenCheck = { readonly ok: true; readonly viewer: Viewer } | TokenRefusal;

/** How many tokens are known at a time. */
const KNOWN_TOKENS = 10_000;
/**
 * Whose the tokens are that were found good, by their hash together with the secret's. Checking a
 * signature takes longer than all else that a refusal takes.
 */
const known = new LRUCache<string, TokenHolder>({ max: KNOWN_TOKENS });

/** Who comes with a token. */
type TokenHolder = Viewer & { readonly expiresAt: number };

/** A token's own client: whoever shares it shares its limits. */
function clientOf(token: string): string {
  return `token ${createHash('sha256').update(token).digest('base64url').slice(0, 22)}`;
}

/**
 * Issues an access token: a JWT signed with HS256.
 * @param secret the API_SECRET_KEY setting
 * @param expiresAt milliseconds since 1970
 */
export function issueToken(secret: string, role: Role, expiresAt: number): Promise<string> {
  return new SignJWT({ role })
    .setProtectedHeader({ alg: ALGORITHM })
    .setIssuedAt()
    .setExpirationTime(Math.floor(expiresAt / 1000))
    .sign(keyOf(secret));
}

/** Checks an `Authorization: Bearer …` text: signature, algorithm, expiry and role. */
export async function checkToken(
  secret: string,
  authorization: string | undefined,
): Promise<TokenCheck> {
  if (authorization === undefined) return refusal('an access token is needed');
  const [, token] = /^Bearer ([\w.-]+)$/i.exec(authorization.trim()) ?? [];
  if (token === undefined) return refusal('expected Authorization: Bearer <access token>');
  const key = createHash('sha256').update(secret).update(' ').update(token).digest('base64url');
  const holder = known.get(key);
  if (holder) {
    if (isOver(holder)) {
      known.delete(key);
      return refusal(EXPIRED);
    }
    return { ok: true, viewer: holder };
  }
  try {
    const { payload } = await jwtVerify(token, keyOf(secret), {
      algorithms: [ALGORITHM],
      requiredClaims: ['exp'],
    });
    const role = ROLES.find((name) => name === payload['role']);
    if (role === undefined) return refusal('the access token names no role of this server');
    const expiresAt = (payload.exp as number) * 1000;
    const viewer = { role, expiresAt, client: clientOf(token) };
    known.set(key, viewer);
    return { ok: true, viewer };
  } catch (error) {
    if (error instanceof errors.JWTExpired) return refusal(EXPIRED);
    if (error instanceof errors.JOSEError) return refusal('the access token is not valid here');
    throw error;
  }
}

/** Whether a token has expired: in whole seconds, as its check has it. */
function isOver({ expiresAt }: TokenHolder): boolean {
  return expiresAt <= Math.floor(Date.now() / 1000) * 1000;
}

/** What decides who a caller is. */
export interface AuthenticationRule {
  /** Null: the server is open to this machine. */
  readonly apiSecretKey: string | null;
  /** Whether an open server's callers may also run mutations. */
  readonly openRole: Role;
}

/** Who sent a request: by its token, or, on an open server, anybody. */
export async function authenticate(
  rule: AuthenticationRule,
  authorization: IncomingHttpHeaders['authorization'],
  address: string,
): Promise<TokenCheck> {
  if (rule.apiSecretKey === null) {
    return { ok: true, viewer: { role: rule.openRole, expiresAt: null, client: address } };
  }
  return checkToken(rule.apiSecretKey, authorization);
}

function refusal(message: string): TokenRefusal {
  return { ok: false, message };
}

function keyOf(secret: string): Uint8Array {
  return new TextEncoder().encode(secret);
}
