import { Command } from 'commander';
import { withDatabase } from '../with-database.js';

/** `dynamics init` */
export function initCommand(): Command {
  return new Command('init')
    .description('make the collections, indexes and views, where they are not there yet')
    .addHelpText('after', '\nSafe to run again, and while a server runs on the same data.')
    .action(async () => {
      await withDatabase(({ config }) => {
        process.stdout.write(`the database ${config.database.name} is ready\n`);
        return Promise.resolve();
      });
    });
}
