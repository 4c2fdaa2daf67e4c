import type { Universe } from '../domain/asset.js';
import { FrameFigures } from '../domain/frame-figures.js';
import { PairGraphs } from '../domain/rates/pair-graph.js';
import type { LineEvaluation, LineEvaluator, LineValues } from '../domain/series/evaluation.js';
import { frameAt } from '../domain/series/frame-at.js';
import { LoadedPairs, type LoadedPair } from '../domain/series/loaded-pairs.js';
import type { Pace } from '../scheduling/slices.js';
import type { TurnChunk } from './turn-chunk.js';

/** Evaluates lines over chunks, all of them in one pass: what they have in common is loaded once. */
export class LinePass {
  readonly #lines: readonly LineEvaluator[];
  readonly #pace: Pace;
  readonly #graphs: PairGraphs;

  /** @param graphs what is known of the pairs from earlier passes */
  constructor(lines: readonly LineEvaluator[], pace: Pace, graphs = new PairGraphs()) {
    this.#lines = lines;
    this.#pace = pace;
    this.#graphs = graphs;
  }

  /** What each line has at the turns of the next chunk. */
  async over(chunk: TurnChunk): Promise<readonly LineValues[]> {
    const isOfRecords = this.#lines.some((line) => line.isOfRecords);
    const records = isOfRecords ? await chunk.records(this.#pace) : [];
    const evaluations: LineEvaluation[] = [];
    for (const line of this.#lines) {
      evaluations.push(line.begin(chunk, line.isOfRecords ? records : []));
      await this.#breathe();
    }
    const loaded = new LoadedPairs();
    await this.#load(chunk, evaluations, loaded);
    await this.#takeFrames(chunk, evaluations, loaded);
    const values: LineValues[] = [];
    for (const evaluation of evaluations) {
      values.push(evaluation.finish());
      await this.#breathe();
    }
    return values;
  }

  /** From what is cheap to load to what is dear, for as long as any of them wants more. */
  async #load(
    chunk: TurnChunk,
    evaluations: readonly LineEvaluation[],
    loaded: LoadedPairs,
  ): Promise<void> {
    for (;;) {
      const waiting = evaluations.filter(({ wanted }) => wanted.length > 0);
      if (waiting.length === 0) return;
      const wanted = new Set(waiting.flatMap((each) => each.wanted));
      const missing = [...wanted].filter((pair) => !loaded.has(pair));
      if (missing.length > 0) loaded.add(await chunk.load(missing, this.#pace));
      const whole = waiting.filter((each) => each.needsAllColumns);
      const needed = new Set(whole.flatMap((each) => each.wanted));
      await this.#unpack([...needed].map((pair) => loaded.of(pair)));
      for (const each of waiting) {
        each.proceed(loaded);
        await this.#breathe();
      }
    }
  }

  /** Each frame is made once, for all that want it. */
  async #takeFrames(
    chunk: TurnChunk,
    evaluations: readonly LineEvaluation[],
    loaded: LoadedPairs,
  ): Promise<void> {
    const takers = evaluations.flatMap((evaluation) => {
      const { wantsFrames } = evaluation;
      return wantsFrames === null ? [] : [{ evaluation, wantsFrames }];
    });
    if (!takers.some(({ wantsFrames }) => wantsFrames.includes(1))) return;
    const missing = chunk.listed.filter((pair) => !loaded.has(pair));
    if (missing.length > 0) loaded.add(await chunk.load(missing, this.#pace));
    await this.#unpack(loaded.all);
    const { observedAt, universes } = chunk;
    const columns = { observedAt, pairs: loaded.columns };
    for (let index = 0; index < universes.length; index++) {
      const universe = universes[index] as Universe | null;
      const own = takers.filter(({ wantsFrames }) => wantsFrames[index] === 1);
      if (universe === null || own.length === 0) continue;
      const figures = new FrameFigures(frameAt(columns, index), universe, this.#graphs);
      for (const { evaluation } of own) evaluation.takeFrame(index, figures);
      await this.#breathe();
    }
  }

  async #unpack(pairs: Iterable<LoadedPair>): Promise<void> {
    for (const pair of pairs) {
      const steps = pair.unpackAll();
      while (!steps.next().done) await this.#breathe();
    }
  }

  async #breathe(): Promise<void> {
    if (this.#pace.isSpent) await this.#pace.next();
  }
}
