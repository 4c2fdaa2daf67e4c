import type {
  LineEvaluator,
  LineValues,
  PathCodes,
  RatePath,
} from '../domain/series/evaluation.js';
import { nullCode, nullReason, type NullReason } from '../domain/series/null-reasons.js';
import { PackedRuns } from '../domain/series/packed-runs.js';
import { Runs } from '../domain/series/runs.js';

/** Where a line has no value, and along which paths it was found, in little memory. */
export interface PackedLineRuns {
  readonly nulls: PackedRuns<NullReason>;
  /** Null for what is no rate. */
  readonly paths: PackedRuns<RatePath> | null;
}

/** Where a line has no value, and along which paths it was found, over turns that follow each other. */
export class LineRuns {
  readonly nulls = new Runs();
  /** Null for what is no rate. */
  readonly paths: Runs | null;
  readonly #codes: PathCodes | null;

  constructor({ paths }: Pick<LineEvaluator, 'paths'>) {
    this.#codes = paths;
    this.paths = paths && new Runs();
  }

  add(
    turns: Float64Array,
    places: Int32Array,
    { nulls, paths }: Pick<LineValues, 'nulls' | 'paths'>,
  ): void {
    this.nulls.add(turns, places, nulls);
    if (paths) this.paths?.add(turns, places, paths);
  }

  /** Adds those of the turns that follow. */
  append({ nulls, paths }: LineRuns): void {
    this.nulls.append(nulls);
    if (paths) this.paths?.append(paths);
  }

  /** The same, of what was packed. */
  unpack({ nulls, paths }: PackedLineRuns): void {
    const codes = this.#codes;
    this.nulls.append(nulls.unpacked(nullCode));
    if (paths && codes) this.paths?.append(paths.unpacked((path) => codes.codeOf(path)));
  }

  packed(): PackedLineRuns {
    const codes = this.#codes;
    return {
      nulls: new PackedRuns(this.nulls, nullReason),
      paths: this.paths && codes && new PackedRuns(this.paths, (code) => codes.pathOf(code)),
    };
  }
}
