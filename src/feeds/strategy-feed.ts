import type { Universe } from '../domain/asset.js';
import { defaultSettings, type StrategyConfig } from '../domain/strategy.js';
import {
  changeSettings,
  type SettingFault,
  type StrategyChange,
} from '../domain/strategy-change.js';
import { unlessAway } from '../history/database-unavailable.js';
import { type ControlStore, type TurnControl } from './control-store.js';
import { type NotificationChannel } from './notifications.js';
import { Rewinds } from './rewinds.js';
import { SharedRead } from '../async/shared-read.js';
import { Signal } from '../async/signal.js';

/** What became of a change. */
export type StrategyUpdate =
  | { readonly ok: true; readonly strategy: StrategyConfig }
  | { readonly ok: false; readonly faults: readonly SettingFault[] };

/**
 * The strategy's settings, and what announces their versions. Versions that another process made become
 * known by its notification, at the latest with the next turn, which reads them.
 */
export class StrategyFeed {
  readonly #store: ControlStore;
  readonly #universe: Universe;
  readonly #control: SharedRead<TurnControl>;
  readonly #others: Pick<NotificationChannel, 'publish'>;
  readonly #changed = new Signal();
  readonly #rewinds = new Rewinds<number>();
  #latest: StrategyConfig | null = null;
  #lastControl: TurnControl | null = null;

  constructor(
    store: ControlStore,
    universe: Universe,
    notifications: Pick<NotificationChannel, 'publish'>,
  ) {
    this.#store = store;
    this.#others = notifications;
    this.#universe = universe;
    this.#control = new SharedRead(() => store.control(defaultSettings(universe)));
  }

  /** The newest version of the settings that is known; 0 before the first. */
  get latestVersion(): number {
    return this.#latest?.version ?? 0;
  }

  /** Reads the control data that a turn begins with. */
  async control(): Promise<TurnControl> {
    return this.apply(await this.#control.get());
  }

  /** The control data as they were last known: all that there is while the database is away. */
  get lastControl(): TurnControl | null {
    return this.#lastControl;
  }

  /** Makes control data known that were read elsewhere. */
  apply(control: TurnControl): TurnControl {
    this.#lastControl = control;
    this.#announce(control.strategy);
    return control;
  }

  /** The database was put back: what it holds counts as new, also where it is an older version. */
  rewind({ strategy }: TurnControl): void {
    if (strategy.version >= (this.#latest?.version ?? 0)) return;
    this.#latest = null;
    this.#rewinds.emit(strategy.version - 1);
    this.#announce(strategy);
  }

  /**
   * The control data, as they were last known while the database is away.
   * @throws {DatabaseUnavailableError} where nothing is known
   */
  knownControl(): Promise<TurnControl> {
    return unlessAway(this.control(), (outage) => {
      if (!this.#lastControl) throw outage;
      return this.#lastControl;
    });
  }

  /** The highest turn that was ever purged, as it is now. */
  purgedThrough(): Promise<number> {
    return this.#store.purgedThrough();
  }

  /** What an operator should know of the newest settings, in words. */
  get warnings(): string[] {
    const base = this.#latest?.quantBase;
    if (base === undefined || this.#universe.includes(base)) return [];
    return [
      `The quant base ${base} is no longer in the universe: the figures that need it are null. Set another.`,
    ];
  }

  version(version: number): Promise<StrategyConfig | null> {
    return this.#store.version(version);
  }

  /** Makes a new version; a change that changes nothing makes none. */
  async update(change: StrategyChange): Promise<StrategyUpdate> {
    for (;;) {
      const { strategy } = await this.control();
      const result = changeSettings(strategy, change, this.#universe);
      if (!result.ok) return result;
      if (!result.changed) return { ok: true, strategy };
      const added = await this.#store.add(strategy, result.settings);
      if (added === null) continue;
      this.#announce(added);
      this.#others.publish({ kind: 'CONTROL' });
      return { ok: true, strategy: added };
    }
  }

  /** Each version after the newest one, in order, from now on, until the signal is aborted. */
  async *follow(signal: AbortSignal): AsyncGenerator<StrategyConfig, void, void> {
    const position = { last: (await this.knownControl()).strategy.version };
    const forget = this.#rewinds.on((version) => {
      position.last = Math.min(position.last, version);
    });
    try {
      while (!signal.aborted) {
        if (position.last >= (this.#latest?.version ?? 0)) {
          await this.#changed.next(signal);
          continue;
        }
        const after = position.last;
        const versions = await this.#store.versionsAfter(after);
        for (const version of versions) {
          position.last = version.version;
          yield version;
        }
        // What is known and cannot be read any more is passed.
        if (versions.length === 0 && position.last === after) {
          position.last = this.#latest?.version ?? after;
        }
      }
    } finally {
      forget();
    }
  }

  #announce(strategy: StrategyConfig): void {
    if (strategy.version <= (this.#latest?.version ?? 0)) return;
    this.#latest = strategy;
    this.#changed.fire();
  }
}
