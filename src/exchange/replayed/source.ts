import path from 'node:path';
import type {
  MarketStatus,
  Observation,
  ObservationRequest,
  ObservationResult,
} from '../../market/market-port.js';
import { symbolShortage } from '../../market/shortage.js';
import { ReplayPlayer, type ReplaySpeed } from './player.js';
import { medianStep, openRecording, type Recording } from './recording.js';
import { ServedMarket, type Played, type ServedMarketOptions } from '../served/served-market.js';

export interface ReplayedSourceOptions extends ServedMarketOptions {
  /** The folder of recorded data. */
  readonly path: string;
  readonly speed: ReplaySpeed;
}

/** How much of what a recording lacks is told in the status. */
const MOST_WARNINGS = 10;

/** Recorded data, played as the exchange of its time. */
export class ReplayedSource extends ServedMarket {
  readonly kind = 'REPLAY';
  readonly origin: string;
  readonly #path: string;
  readonly #speed: ReplaySpeed;
  /** What has been left out while it played: the latest, in words, and how much in all. */
  readonly #told: string[] = [];
  #toldCount = 0;
  /** How far moments were passed that would have made no turn after one. */
  #passed: { readonly after: number | null; readonly to: number } | null = null;
  /** The median step between its moments, milliseconds; null where there is only one. */
  #stepMs: number | null = null;
  #playing: { readonly recording: Recording; readonly player: ReplayPlayer } | null = null;

  constructor({ path: folder, speed, ...options }: ReplayedSourceOptions) {
    super(options);
    this.#path = folder;
    this.#speed = speed;
    this.origin = `replay:${path.basename(folder)}`;
  }

  /** As far as the recording's moments mostly are, or farther where it is played faster than that. */
  intervalFor(beatMs: number): number {
    const passes = this.#speed === 'step' ? 0 : beatMs * this.#speed;
    return Math.max(this.#stepMs ?? beatMs, passes);
  }

  protected async play(after: number | null): Promise<Played> {
    const { universe, clock, log } = this.options;
    const recording = await openRecording(this.#path, universe, (words) => this.#warn(words));
    for (const warning of recording.warnings) log.warn(warning);
    const player = new ReplayPlayer(recording, this.#speed, clock, after);
    this.#playing = { recording, player };
    this.#stepMs = medianStep(recording.moments);
    return { feed: player, exchangeNow: () => player.now() };
  }

  override async observe(request: ObservationRequest): Promise<ObservationResult> {
    const { player, recording } = this.#playing ?? {};
    if (!player || !recording) return super.observe(request);
    const passed = this.#passed?.after === request.after ? this.#passed.to : null;
    for (let after = passed ?? request.after; player.advance(after);) {
      const result = await super.observe(request).finally(() => player.release());
      if (!result.ok) return result;
      const observation = asOfThen(result.observation, recording);
      const { frame, listed } = observation;
      const shortage = symbolShortage(frame, request.before ?? null, listed);
      if (shortage === null || !player.standsAt(frame.observedAt)) return { ok: true, observation };
      this.#warn(`Left out of the replay: ${recording.nameOf(frame.observedAt)}: ${shortage}`);
      after = frame.observedAt;
      this.#passed = { after: request.after, to: after };
    }
    const end = new Date(recording.moments.at(-1) ?? 0).toISOString();
    const message = `the recording ${path.basename(this.#path)} is over: it ends at ${end}`;
    return { ok: false, failure: { code: 'REPLAY_ENDED', message } };
  }

  #warn(words: string): void {
    this.options.log.warn(words);
    this.#told.push(words);
    if (this.#told.length > MOST_WARNINGS) this.#told.shift();
    this.#toldCount++;
  }

  override status(): MarketStatus {
    const status = super.status();
    const atStart = this.#playing?.recording.warnings ?? [];
    const latest = [...atStart, ...this.#told].slice(-MOST_WARNINGS);
    const others = atStart.length + this.#toldCount - latest.length;
    if (others > 0) latest.unshift(`The log has ${others} more warnings of the replay.`);
    const replay = this.#playing?.player.position;
    return { ...status, warnings: [...status.warnings, ...latest], ...(replay && { replay }) };
  }
}

/** What the exchange listed then, as far as the recording tells. */
function asOfThen(observation: Observation, recording: Recording): Observation {
  const { frame } = observation;
  const valid = new Set(frame.tickers.map(({ symbol }) => symbol));
  const listed = observation.listed.filter(
    (symbol) => valid.has(symbol) || recording.lists(symbol, frame.observedAt),
  );
  return { ...observation, listed };
}
