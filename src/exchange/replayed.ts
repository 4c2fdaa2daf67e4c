import path from 'node:path';
import type {
  MarketStatus,
  ObservationRequest,
  ObservationResult,
} from '../pipeline/market-port.js';
import { ReplayPlayer, type ReplaySpeed } from './replay/player.js';
import { openRecording, type Recording } from './replay/recording.js';
import { ServedMarket, type Played, type ServedMarketOptions } from './served.js';

export interface ReplayedSourceOptions extends ServedMarketOptions {
  /** The folder of recorded data. */
  readonly path: string;
  readonly speed: ReplaySpeed;
}

/** Recorded data, played as the exchange of its time. */
export class ReplayedSource extends ServedMarket {
  readonly kind = 'REPLAY';
  readonly origin: string;
  readonly #path: string;
  readonly #speed: ReplaySpeed;
  #playing: { readonly recording: Recording; readonly player: ReplayPlayer } | null = null;

  constructor({ path: folder, speed, ...options }: ReplayedSourceOptions) {
    super(options);
    this.#path = folder;
    this.#speed = speed;
    this.origin = `replay:${path.basename(folder)}`;
  }

  protected play(after: number | null): Played {
    const { universe, clock, log } = this.options;
    const recording = openRecording(this.#path, universe);
    for (const warning of recording.warnings) log.warn(warning);
    const player = new ReplayPlayer(recording, this.#speed, clock, after);
    this.#playing = { recording, player };
    return { feed: player, exchangeNow: () => player.now() };
  }

  override observe(request: ObservationRequest): Promise<ObservationResult> {
    const { player, recording } = this.#playing ?? {};
    if (player?.ended(request.after)) {
      const end = new Date(recording?.moments.at(-1) ?? 0).toISOString();
      const message = `the recording ${path.basename(this.#path)} is over: it ends at ${end}`;
      return Promise.resolve({ ok: false, failure: { code: 'REPLAY_ENDED', message } });
    }
    player?.advance(request.after);
    return super.observe(request);
  }

  override status(): MarketStatus {
    const status = super.status();
    return {
      ...status,
      warnings: [...status.warnings, ...(this.#playing?.recording.warnings ?? [])],
    };
  }
}
