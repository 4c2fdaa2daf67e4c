import { Command, Option } from 'commander';
import { ROLES } from '../../graphql/roles.js';
import type { TokenOptions } from '../actions/token.js';
import { readDuration } from '../arguments.js';

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
    .action(async (options: TokenOptions) => (await import('../actions/token.js')).token(options));
}
