import { Command } from 'commander';

/** `dynamics init` */
export function initCommand(): Command {
  return new Command('init')
    .description(
      'make the collections, indexes, views and checks of what is written, where they are not there yet',
    )
    .addHelpText('after', '\nSafe to run again, and while a server runs on the same data.')
    .action(async () => (await import('../actions/init.js')).init());
}
