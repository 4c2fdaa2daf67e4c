import { withDatabase } from '../with-database.js';

/** Makes the database ready. */
export async function init(): Promise<void> {
  await withDatabase(({ config, database }) => {
    process.stdout.write(`the database ${config.database.name} is ready\n`);
    for (const warning of database.damage.warnings) process.stderr.write(`${warning}\n`);
    return Promise.resolve();
  });
}
