import { createHash } from 'node:crypto';
import type { Asset, Universe } from '../domain/asset.js';
import { FORMULA_VERSION } from '../domain/cycle.js';
import { isFault } from '../domain/series/fault.js';
import { rangeBetween, widened, type TimeRange } from '../domain/series/range.js';
import type { CycleStore } from '../history/cycle-store.js';
import { isReadable, type StoredCycle } from '../history/stored-cycle.js';
import { extentOf, type TimeExtent } from '../history/time-extent.js';
import type { TurnChunks } from '../history/turn-chunk.js';
import type { Pace } from '../scheduling/slices.js';
import { bucketColumns, bucketRows, endsOf } from './bucket-rows.js';
import type { Column } from './columns.js';
import { FRAME_COLUMNS, type FrameOrigin } from './frame-columns.js';
import { frameRows, type LeftOut } from './frame-rows.js';
import { turnColumns, turnRows, type Rows } from './line-rows.js';
import type { CellExport, ExportRequest, ParameterFault } from './request.js';
import { Regrouped } from './regrouped.js';
import { openWriter } from './writers.js';

/** How many values are written in one go. */
const VALUES_AT_ONCE = 16_384;
/** About how many values stand beside the tickers of a frame, and how many each of these has. */
const VALUES_OF_FRAME = 60;
const VALUES_OF_TICKER = 9;
/** What one cycle of an export of frames counts as, beside one value of a cell. */
const COST_OF_FRAME = 20;

/** What cannot be exported, in words that name the parameter. */
export class ExportFault extends Error {
  override readonly name = 'ExportFault';

  constructor({ parameter, words }: ParameterFault) {
    super(`${parameter}: ${words}`);
  }
}

/** What was to be exported is not stored any more. */
export class ExportGone extends Error {
  override readonly name = 'ExportGone';
}

export interface ExporterOptions {
  /** Those that are announced; so all that follows. */
  readonly cycles: Pick<CycleStore, 'range'>;
  readonly chunks: TurnChunks;
  readonly extent: TimeExtent;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** The assets of this instance's settings. */
  readonly universe: Universe;
  /** While it is the same, so is every stored cycle. */
  readonly epoch: () => string;
  readonly origin: () => Promise<FrameOrigin | null>;
  /** Of this program: another may write other bytes. */
  readonly version: string;
}

/** What an export is made of. */
export interface ExportPlan {
  readonly request: ExportRequest;
  readonly range: TimeRange;
  /** The first and the last turn; null where there is none. */
  readonly ends: { readonly first: StoredCycle; readonly last: StoredCycle } | null;
  readonly origin: FrameOrigin | null;
  /** The same for the same bytes: it follows from the turns, the formulas, and what is asked. */
  readonly tag: string;
  /** About how many values it has. */
  readonly cost: number;
  /** What was left out of it, once it is made. */
  readonly leftOut: LeftOut;
}

/** Some of an export, and the last turn that is in it. */
export interface Piece {
  readonly bytes: readonly Uint8Array[];
  readonly turn: number;
}

/** Exports what is stored, piece by piece: however long it is, no more than some thousand turns are in memory. */
export class Exporter {
  readonly #options: ExporterOptions;

  constructor(options: ExporterOptions) {
    this.#options = options;
  }

  /** @throws {ExportFault} */
  async plan(request: ExportRequest): Promise<ExportPlan> {
    const extent = await extentOf(this.#options.extent, this.#options.clock);
    const asked = rangeBetween(request.from, request.to, extent);
    if (isFault(asked)) throw new ExportFault({ parameter: 'from', words: asked.words });
    const range = request.what === 'CELLS' ? widened(asked, request.every) : asked;
    const ends = await endsOf(this.#options.cycles, range);
    if (request.what === 'CELLS') this.#checkAssets(request, ends);
    const origin = request.what === 'FRAMES' ? await this.#origin() : null;
    const turns = ends ? ends.last.turn - ends.first.turn + 1 : 0;
    return {
      ...{ request, range, ends, origin },
      tag: this.#tagOf(request, range, ends),
      cost: turns * (request.what === 'CELLS' ? request.lines.length : COST_OF_FRAME),
      leftOut: { turns: [] },
    };
  }

  /** @throws {ExportGone} @throws what ended the work, by its pace */
  async *pieces(plan: ExportPlan, pace: Pace): AsyncGenerator<Piece> {
    const columns = columnsOf(plan.request);
    const width = this.#valuesOfRow(plan, columns);
    const writer = await openWriter(plan.request.format, columns, width);
    const groups = new Regrouped(Math.max(1, Math.floor(VALUES_AT_ONCE / width)));
    let last = 0;
    for await (const { batch, turn } of this.#rows(plan, pace)) {
      for (const part of groups.add(batch)) {
        yield { bytes: writer.write(part), turn: last };
        if (pace.isSpent) await pace.next();
      }
      last = turn;
      if (pace.isSpent) await pace.next();
    }
    for (const part of groups.rest()) yield { bytes: writer.write(part), turn: last };
    await this.#checkEnd(plan);
    yield { bytes: writer.end(), turn: last };
  }

  async *#rows(plan: ExportPlan, pace: Pace): AsyncGenerator<Rows> {
    const { request, range, ends, origin, leftOut } = plan;
    const { chunks, cycles } = this.#options;
    if (!ends) return;
    if (request.what === 'FRAMES') {
      const turns = { first: ends.first.turn, last: ends.last.turn };
      yield* frameRows(cycles, origin as FrameOrigin, turns, leftOut, pace);
    } else if (request.every === 'turn') {
      yield* turnRows(chunks, request.lines, range, ends, pace);
    } else {
      const inBuckets = { ...request, every: request.every };
      yield* bucketRows({ chunks, cycles }, inBuckets, range, pace);
    }
  }

  /** A purge leaves nothing to be read: whoever has got less than was to come must not take it for all. */
  async #checkEnd({ ends }: ExportPlan): Promise<void> {
    if (!ends) return;
    const { turn } = ends.last;
    const only = {
      afterTurn: turn - 1,
      beforeTurn: turn + 1,
      order: 'OLDEST_FIRST',
      limit: 1,
    } as const;
    const [last] = await this.#options.cycles.range(only);
    if (last) return;
    throw new ExportGone(`turn ${turn} is not stored any more: turns were purged, or taken back`);
  }

  #valuesOfRow({ request, ends }: ExportPlan, columns: readonly Column[]): number {
    if (request.what === 'CELLS' || !ends) return columns.length;
    const found = [ends.last, ends.first].find(isReadable);
    return VALUES_OF_FRAME + VALUES_OF_TICKER * (found?.frame.tickers.length ?? 1);
  }

  /** An asset is known where the first or the last turn has it, or these settings. */
  #checkAssets({ lines }: CellExport, ends: ExportPlan['ends']): void {
    const ofTurns = ends ? [ends.first, ends.last].filter(isReadable) : [];
    const known = new Set<Asset>(
      [this.#options.universe, ...ofTurns.map(({ universe }) => universe)].flat(),
    );
    for (const { base, quote } of lines) {
      const unknown = [base, quote].find((asset) => !known.has(asset));
      if (unknown === undefined) continue;
      const words = `has ${unknown}, which is not in the universe; known: ${[...known].join(', ')}`;
      throw new ExportFault({ parameter: 'cells', words });
    }
  }

  async #origin(): Promise<FrameOrigin> {
    const origin = await this.#options.origin();
    if (origin) return origin;
    const words = 'what the cycles come from is not recorded in this database, or damaged there';
    throw new ExportFault({ parameter: 'frames', words });
  }

  #tagOf(request: ExportRequest, range: TimeRange, ends: ExportPlan['ends']): string {
    const { version, epoch } = this.#options;
    const { from: _from, to: _to, ...asked } = request;
    const turns = ends && [ends.first.turn, ends.last.turn];
    const made = JSON.stringify([version, FORMULA_VERSION, epoch(), asked, range, turns]);
    return createHash('sha256').update(made).digest('base64url').slice(0, 22);
  }
}

function columnsOf(request: ExportRequest): readonly Column[] {
  if (request.what === 'FRAMES') return FRAME_COLUMNS;
  return request.every === 'turn' ? turnColumns(request.lines) : bucketColumns(request);
}
