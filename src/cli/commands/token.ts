import { Command, Option } from 'commander';
import { loadConfig } from '../../config.js';
import { ROLES, type Role } from '../../graphql/rights.js';
import { readDuration } from '../arguments.js';
import { printJson, printLine } from '../output.js';
import { CommandFailure, reportingFailure } from '../with-database.js';

/** `dynamics token` */
export function tokenCommand(): Command {
  return new Command('token')
    .description('issue an access token, signed with API_SECRET_KEY')
    .addOption(
      new Option('--role <role>', 'viewer: queries and subscriptions; operator: mutations too')
        .choices(ROLES)
        .makeOptionMandatory(),
    )
    .option('--expires <time>', 'how long it is good for: 15m, 12h, 30d', readDuration)
    .option('--json', 'as JSON, for programs')
    .addHelpText(
      'after',
      '\nGood for 30d without --expires. Send it as "Authorization: Bearer <token>", or over' +
        '\ngraphql-ws as connectionParams.authorization. It cannot be taken back: change API_SECRET_KEY' +
        '\nto end all tokens.',
    )
    .action(async ({ role, expires, json }: { role: Role; expires?: number; json?: true }) => {
      await reportingFailure(async () => {
        const { apiSecretKey } = loadConfig().server;
        if (apiSecretKey === null) {
          throw new CommandFailure([
            'API_SECRET_KEY: expected a secret of at least 32 bytes, which signs tokens',
          ]);
        }
        const { issueToken } = await import('../../http/auth.js');
        const expiresAt = Date.now() + (expires ?? readDuration('30d'));
        const token = await issueToken(apiSecretKey, role, expiresAt);
        if (json) printJson({ token, role, expiresAt: new Date(expiresAt).toISOString() });
        else printLine(token);
      });
    });
}
