import { writeFileSync } from 'node:fs';
import { it } from 'vitest';
import { createSchema, printSdl } from '../../src/graphql/schema.js';
it('x', async () => {
  writeFileSync('schema/schema.graphql', printSdl(await createSchema()));
});
