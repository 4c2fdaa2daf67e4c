import type { Cycle } from '../domain/cycle.js';
import type { StrategyConfig } from '../domain/strategy.js';
import type { CycleStore } from '../history/cycle-store.js';
import { isSameOrigin, originWords, type FrameOrigin } from './frame-columns.js';
import { FrameCheck } from './frame-check.js';
import type { ReadRow } from './frame-reading.js';

/** How many cycles are stored at a time. */
const STORED_AT_ONCE = 128;
/** How many refused rows are told. */
const MOST_REFUSED = 20;
const TAKE_BACK = 'take it back first (--discard)';

/** An import that is not finished. */
export interface BegunImport {
  readonly file: string;
  /** Whether the database had recorded where its cycles come from before. */
  readonly hadOrigin: boolean;
}

/** What a database says of itself while an import into it is not finished. */
export interface ImportMark extends BegunImport {
  readonly firstTurn: number;
  readonly lastTurn: number;
}

/** What an import writes beside cycles. Throws {@link DatabaseUnavailableError} while the database is away. */
export interface ImportStore {
  /** The import that was begun and is not finished; null for none. */
  begun(): Promise<BegunImport | null>;
  /** From now on until {@link end}, the database says that it holds a part alone. */
  begin(mark: ImportMark): Promise<void>;
  end(): Promise<void>;
  /** @throws {ImportUnfinishedError} where the database holds a part of an import alone */
  refuseUnfinished(): Promise<void>;
  /** The highest turn that was used and is not to be used again, 0 for none. */
  usedThrough(): Promise<number>;
  origin(): Promise<FrameOrigin | null>;
  recordOrigin(origin: FrameOrigin): Promise<void>;
  forgetOrigin(): Promise<void>;
  /** Puts a version of the strategy's settings in its place, whatever stands there. */
  putSettings(settings: StrategyConfig): Promise<void>;
}

interface FrameImportOptions {
  readonly store: ImportStore;
  readonly cycles: Pick<
    CycleStore,
    'span' | 'count' | 'saveAll' | 'ids' | 'idOf' | 'removeThrough'
  >;
  /** Called with each row that was read; throws what ends the work. */
  readonly onRow: (row: number) => void;
}

/** An import that is refused; each line is for people. */
export class ImportRefused extends Error {
  override readonly name = 'ImportRefused';

  constructor(readonly lines: readonly string[]) {
    super(lines.join('\n'));
  }
}

/** What a file holds. Times are milliseconds since 1970. */
export interface Survey {
  readonly origin: FrameOrigin;
  readonly turns: number;
  readonly firstTurn: number;
  readonly lastTurn: number;
  /** Whether the first turn builds upon one that the file does not have: its figures are as the file says. */
  readonly isPart: boolean;
}

/**
 * Brings cycles of a file into a database that has none. The whole file is looked at before anything is written;
 * then a mark says that the database holds a part alone, until all is stored. What was broken off goes on with the
 * same file, or is taken back.
 */
export class FrameImport {
  readonly #options: FrameImportOptions;

  constructor(options: FrameImportOptions) {
    this.#options = options;
  }

  /** Looks at every row. @throws {ImportRefused} that says what is wrong, with its row */
  async survey(rows: AsyncIterable<ReadRow>): Promise<Survey> {
    let survey = null as Survey | null;
    for await (const { cycle, origin, isAlone } of this.#checked(rows)) {
      survey = {
        origin,
        turns: (survey?.turns ?? 0) + 1,
        firstTurn: survey?.firstTurn ?? cycle.turn,
        lastTurn: cycle.turn,
        isPart: survey?.isPart ?? isAlone,
      };
    }
    if (!survey) throw new ImportRefused(['the file has no rows']);
    return survey;
  }

  /** @throws {ImportRefused} where the database is not one for this file */
  async checkDatabase({ origin, firstTurn, lastTurn }: Survey): Promise<void> {
    const { store, cycles } = this.#options;
    const [begun, span, used, recorded] = await Promise.all([
      store.begun(),
      cycles.span(),
      store.usedThrough(),
      store.origin(),
    ]);
    const faults: string[] = [];
    if (span && !begun) {
      const words = `turns ${span.oldest} to ${span.latest} are stored: name a database without cycles`;
      faults.push(words);
    } else if (span && span.latest > lastTurn) {
      faults.push(`turns up to ${span.latest} of another file are stored: ${TAKE_BACK}`);
    } else if (used >= firstTurn) {
      faults.push(
        `turns up to ${used} were used here before, and none is used twice: name another`,
      );
    }
    if (recorded && !isSameOrigin(recorded, origin)) {
      const [here, there] = [recorded, origin].map(originWords);
      faults.push(`it is one for cycles of ${here}, and those of the file are of ${there}`);
    }
    if (faults.length > 0) throw new ImportRefused(faults);
  }

  /** Stores all rows; what of them is stored already stays. @throws {ImportRefused} */
  async write(file: string, { origin, ...survey }: Survey, rows: AsyncIterable<ReadRow>) {
    const { store, cycles } = this.#options;
    const { firstTurn, lastTurn } = survey;
    const begun = await store.begun();
    const hadOrigin = begun?.hadOrigin ?? (await store.origin()) !== null;
    await store.begin({ file, firstTurn, lastTurn, hadOrigin });
    await store.recordOrigin(origin);
    let [settings, turns, some]: [number, number, Cycle[]] = [0, 0, []];
    for await (const { cycle } of this.#checked(rows)) {
      // Before the cycles that ran under them.
      if (cycle.config.version !== settings) await store.putSettings(cycle.config);
      settings = cycle.config.version;
      turns++;
      some.push(cycle);
      if (some.length === STORED_AT_ONCE) await this.#store(some);
      if (some.length === STORED_AT_ONCE) some = [];
    }
    await this.#store(some);
    if (turns !== survey.turns) throw new ImportRefused(['the file has changed meanwhile']);
    if ((await cycles.count()) !== turns) {
      throw new ImportRefused([`turns of another file are stored, too: ${TAKE_BACK}`]);
    }
    await store.end();
  }

  /**
   * Takes back what was stored of an import that is not finished: all cycles, because there were none before.
   * The versions of settings stay.
   */
  async discard({ hadOrigin }: Pick<BegunImport, 'hadOrigin'>): Promise<number> {
    const { store, cycles } = this.#options;
    const span = await cycles.span();
    const removed = span ? await cycles.removeThrough(span.latest) : 0;
    if (!hadOrigin) await store.forgetOrigin();
    await store.end();
    return removed;
  }

  async #store(some: readonly Cycle[]): Promise<void> {
    if (some.length === 0) return;
    const { cycles } = this.#options;
    const there = await cycles.ids(some.map(({ turn }) => turn));
    const isSame = (cycle: Cycle) => there.get(cycle.turn) === cycles.idOf(cycle);
    const missing = there.size === 0 ? some : some.filter((cycle) => !isSame(cycle));
    const stored = await cycles.saveAll(missing);
    const refused = missing[stored];
    if (!refused) return;
    const words = `turn ${refused.turn} of another file is stored: ${TAKE_BACK}`;
    throw new ImportRefused([words]);
  }

  /** @throws {ImportRefused} once all rows were looked at, or so many were refused */
  async *#checked(rows: AsyncIterable<ReadRow>) {
    const check = new FrameCheck();
    const refused: string[] = [];
    for await (const read of rows) {
      const checked = 'fault' in read ? { faults: [read.fault] } : check.check(read.value);
      if ('faults' in checked) {
        refused.push(`row ${read.row}: ${checked.faults.slice(0, 3).join('; ')}`);
        if (refused.length === MOST_REFUSED) break;
      } else if (refused.length === 0) yield checked;
      this.#options.onRow(read.row);
    }
    if (refused.length === 0) return;
    const isAll = refused.length < MOST_REFUSED;
    throw new ImportRefused([...refused, ...(isAll ? [] : ['the rows after these were not read'])]);
  }
}
