import path from 'node:path';
import { originWords } from '../../transfer/frame-columns.js';
import { FrameImport, ImportRefused, type Survey } from '../../transfer/frame-import.js';
import { FileFault, frameRowsOf } from '../../transfer/frame-reading.js';
import { asOnlyWriter } from '../only-writer.js';
import { CommandFailure, withDatabase, type CommandDatabase } from '../with-database.js';
import { Work } from '../work.js';

export interface ImportOptions {
  readonly check?: true;
  readonly discard?: true;
  readonly json?: boolean;
}

/** Brings the cycles of a file into the database, or takes them back. */
export async function importFrames(
  file: string | undefined,
  options: ImportOptions,
): Promise<void> {
  const run = (context: CommandDatabase) =>
    Work.run(options.json === true, async (work) => {
      if (options.discard) return discard(context, work);
      if (file === undefined) throw new CommandFailure(['expected the name of a file']);
      await importFile(context, file, options, work);
    });
  await withDatabase((context) => run(context).catch(tell), { isForImport: true });
}

function tell(error: unknown): never {
  if (error instanceof ImportRefused) throw new CommandFailure(error.lines);
  if (error instanceof FileFault) throw new CommandFailure([error.message]);
  throw error;
}

async function importFile(
  { database }: CommandDatabase,
  file: string,
  { check: isCheck = false }: { readonly check?: boolean },
  work: Work,
): Promise<void> {
  const format = formatOf(file);
  let [looked, check] = [0, (): void => undefined];
  const frames = new FrameImport({
    store: database.imports,
    cycles: database.cycles,
    onRow(row) {
      if (work.isStopped) throw new CommandFailure(['stopped: run it again to go on']);
      check();
      work.at((looked = row));
    },
  });
  work.begin('rows looked at', 0);
  const survey = await frames.survey(frameRowsOf(file, format));
  await frames.checkDatabase(survey);
  if (isCheck) return done(survey, 'can be imported', work);
  await asOnlyWriter(database, async (mayWrite) => {
    check = mayWrite;
    // Another may have been quicker.
    await frames.checkDatabase(survey);
    work.begin('rows stored', looked);
    await frames.write(path.basename(file), survey, frameRowsOf(file, format));
    await database.controlStore.markCacheReset();
  });
  done(survey, 'are imported', work);
}

function done({ turns, firstTurn, lastTurn, isPart, origin }: Survey, words: string, work: Work) {
  work.end();
  const part = isPart
    ? `; turn ${firstTurn} builds upon one that is not in the file: its figures are as the file has them`
    : '';
  work.line(
    `${turns} cycles, turns ${firstTurn} to ${lastTurn} of ${originWords(origin)}, ${words}${part}`,
    {
      ...{ turns, firstTurn, lastTurn, isPart, origin },
    },
  );
}

async function discard({ database }: CommandDatabase, work: Work): Promise<void> {
  const { imports, cycles } = database;
  const begun = await imports.begun();
  if (!begun) throw new CommandFailure(['no import was broken off here: nothing to take back']);
  const frames = new FrameImport({ store: imports, cycles, onRow: () => undefined });
  await asOnlyWriter(database, async () => {
    const removed = await frames.discard(begun);
    await database.controlStore.markCacheReset();
    work.line(`took back ${removed} cycles of ${begun.file}`, { removed, file: begun.file });
  });
}

function formatOf(file: string) {
  const ending = path.extname(file).slice(1).toLowerCase();
  if (ending === 'feather') return 'arrow';
  if (ending === 'jsonl' || ending === 'arrow' || ending === 'parquet') return ending;
  throw new CommandFailure([`${file}: expected a name that ends with .jsonl, .arrow or .parquet`]);
}
