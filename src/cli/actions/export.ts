import path from 'node:path';
import { firstPace } from '../../scheduling/slices.js';
import { ExportFault, ExportGone } from '../../transfer/exporter.js';
import { FORMATS, readExport, type ExportRequest } from '../../transfer/request.js';
import { Output } from '../output-file.js';
import { exporterOver } from '../stored-export.js';
import { CommandFailure, withDatabase, type CommandDatabase } from '../with-database.js';
import { Work } from '../work.js';

export interface ExportOptions {
  readonly format?: string;
  readonly frames?: true;
  readonly output?: string;
  readonly [parameter: string]: string | true | undefined;
}

export async function exportStored(options: ExportOptions): Promise<void> {
  await withDatabase((context) => Work.run(false, (work) => run(context, options, work)));
}

async function run(context: CommandDatabase, options: ExportOptions, work: Work): Promise<void> {
  const { frames, output = null, ...given } = options;
  const format = options.format ?? formatOf(output);
  const texts = { ...given, ...(frames && { frames: 'true' }), ...(format && { format }) };
  const read = readExport(texts);
  if ('faults' in read) {
    throw new CommandFailure(read.faults.map(({ parameter, words }) => option(parameter, words)));
  }
  if (output === null && process.stdout.isTTY && isBinary(read.request)) {
    throw new CommandFailure([`--output: expected, because ${read.request.format} is no text`]);
  }
  await write(context, read.request, output, work);
}

async function write(
  context: CommandDatabase,
  request: ExportRequest,
  output: string | null,
  work: Work,
): Promise<void> {
  const exporter = await exporterOver(context);
  const plan = await exporter.plan(request).catch((error: unknown) => {
    if (error instanceof ExportFault) throw new CommandFailure([`--${error.message}`]);
    throw error;
  });
  const [first, last] = [plan.ends?.first.turn ?? 0, plan.ends?.last.turn ?? 0];
  const out = new Output(output);
  work.begin('turns', last, first);
  try {
    for await (const { bytes, turn } of exporter.pieces(plan, firstPace())) {
      await out.write(bytes);
      work.at(turn);
      if (work.isStopped) throw new CommandFailure(['stopped: nothing is kept of it']);
    }
    await out.end();
  } catch (error) {
    await out.discard();
    if (error instanceof ExportGone) throw new CommandFailure([error.message]);
    throw error;
  }
  work.end();
  tell(plan.leftOut.turns, output, out.bytes);
}

function tell(leftOut: readonly number[], output: string | null, bytes: number): void {
  if (leftOut.length > 0) {
    const named = leftOut.slice(0, 10).join(', ') + (leftOut.length > 10 ? ', …' : '');
    process.stderr.write(`left out, because they cannot be read: turns ${named}\n`);
  }
  if (output === null) return;
  process.stdout.write(`${output}: ${(bytes / 1e6).toFixed(1)} MB\n`);
}

function formatOf(file: string | null): string | undefined {
  const ending = file === null ? '' : path.extname(file).slice(1).toLowerCase();
  return FORMATS.find((each) => each === ending) ?? (ending === 'feather' ? 'arrow' : undefined);
}

function isBinary({ format }: ExportRequest): boolean {
  return format === 'arrow' || format === 'parquet';
}

/** What is wrong, by the name of the option. */
function option(parameter: string, words: string): string {
  return `--${parameter === 'feeBps' ? 'fee-bps' : parameter}: ${words}`;
}
