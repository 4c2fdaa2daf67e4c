import { Command } from 'commander';
import { withDatabase } from '../with-database.js';

/** `dynamics init` */
export function initCommand(): Command {
  return new Command('init')
    .description(
      'make the collections, indexes, views and checks of what is written, where they are not there yet',
    )
    .addHelpText('after', '\nSafe to run again, and while a server runs on the same data.')
    .action(async () => {
      await withDatabase(({ config, database }) => {
        process.stdout.write(`the database ${config.database.name} is ready\n`);
        for (const warning of database.damage.warnings) process.stderr.write(`${warning}\n`);
        return Promise.resolve();
      });
    });
}
