import { Command } from 'commander';
import type { McpOptions } from '../actions/mcp.js';

/** `dynamics mcp` */
export function mcpCommand(): Command {
  return new Command('mcp')
    .description(
      'serve tools for language models: the Model Context Protocol over standard input and output',
    )
    .option(
      '--url <address>',
      'the running server to ask; without it DYNAMICS_URL, or the database',
    )
    .addHelpText(
      'after',
      '\nTools: get_rate, convert_amount, get_matrix, get_series, get_wallet, get_strategy, test_alert, get_status. None' +
        '\nchanges anything. A server that takes access tokens is given the one in DYNAMICS_TOKEN. Without a server to ask,' +
        '\nthe database is read as other commands do, also beside a server. Ends with its standard input, or with a signal.' +
        '\n\nFor a program that starts such servers:\n' +
        '  { "mcpServers": { "dynamics": { "command": "npx", "args": ["dynamics", "mcp"],\n' +
        '                                  "env": { "DYNAMICS_URL": "http://localhost:4000" } } } }',
    )
    .action(async (options: McpOptions) => (await import('../actions/mcp.js')).mcp(options));
}
