import { loadConfig } from '../../config.js';
import type { Role } from '../../graphql/roles.js';
import { issueToken } from '../../http/auth.js';
import { readDuration } from '../arguments.js';
import { printJson, printLine } from '../output.js';
import { CommandFailure, reportingFailure } from '../with-database.js';

export interface TokenOptions {
  readonly role: Role;
  /** Milliseconds. */
  readonly expires?: number;
  readonly json?: true;
}

/** Issues a token. */
export async function token({ role, expires, json }: TokenOptions): Promise<void> {
  await reportingFailure(async () => {
    const { server, warnings } = loadConfig();
    const { apiSecretKey } = server;
    for (const warning of warnings) process.stderr.write(`${warning}\n`);
    if (apiSecretKey === null) {
      throw new CommandFailure([
        'API_SECRET_KEY: expected a secret of at least 32 bytes, which signs tokens',
      ]);
    }
    const expiresAt = Date.now() + (expires ?? readDuration('30d'));
    const token = await issueToken(apiSecretKey, role, expiresAt);
    if (json) printJson({ token, role, expiresAt: new Date(expiresAt).toISOString() });
    else printLine(token);
  });
}
