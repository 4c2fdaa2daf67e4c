import type { ExecutionArgs } from 'graphql';
import { pause } from '../async/pause.js';
import type { CycleSource } from '../feeds/cycle-source.js';
import type { Rewind } from '../feeds/rewinds.js';
import type { FollowedTurn } from '../history/stored-cycle.js';
import type { Admission } from '../operate/admission.js';
import { firstPace } from '../scheduling/slices.js';
import { CatchingUp, RETRY_MS } from './catching-up.js';
import { Group, type GroupOptions } from './group.js';
import { Member } from './member.js';
import type { RunningOperation } from './running-operation.js';
import { SharedMessages } from './shared-messages.js';

export interface CycleHubOptions extends GroupOptions {
  readonly admission: Admission;
}

/** What is pushed, and to how many; the last two count from the start on. */
export interface PushFigures {
  readonly groups: number;
  readonly subscribers: number;
  readonly messages: number;
  readonly bytes: number;
}

/**
 * Pushes cycles to subscribers. Those with the same operation, variables and rights are one group:
 * its operation is executed once for each cycle and written once. Who comes back with `after` is
 * sent stored cycles, together with others who stand where it does, until it has caught up with its
 * group; by turn numbers nothing is missed or repeated at the seam.
 */
export class CycleHub {
  readonly #options: CycleHubOptions;
  readonly #groups = new Map<string, Group>();
  readonly #stopped = new AbortController();
  readonly #pushed = { messages: 0, bytes: 0 };
  /** The turn that the live groups are being sent, or were sent last. */
  #turn: number;
  /** The turn that is being pushed; once it is taken back, nobody else is sent it. */
  #pushing: { readonly turn: number; isTakenBack: boolean } | null = null;
  readonly #catchingUp: CatchingUp;

  constructor(options: CycleHubOptions) {
    this.#options = options;
    const { feed } = options.services;
    this.#turn = feed.latestTurn;
    this.#catchingUp = new CatchingUp({
      ...options,
      stopped: this.#stopped.signal,
      send: (member, messages) => this.#send(member, messages),
    });
    const forget = feed.onRewind((rewind) => this.#goBack(rewind));
    this.#stopped.signal.addEventListener('abort', forget);
    void this.#run();
  }

  stop(): void {
    this.#stopped.abort();
  }

  /** Closes whoever was sent a turn that is not stored so; the others are sent what is. */
  #goBack({ stands, goesOnAfter }: Rewind): void {
    this.#turn = Math.min(this.#turn, goesOnAfter);
    if (this.#pushing && this.#pushing.turn > stands) this.#pushing.isTakenBack = true;
    for (const group of [...this.#groups.values()]) {
      group.goBack(goesOnAfter);
      for (const member of [...group.members]) {
        if (member.held > stands) member.rewound(stands);
        else member.last = Math.min(member.last, goesOnAfter);
      }
    }
  }

  get figures(): PushFigures {
    let subscribers = 0;
    for (const group of this.#groups.values()) subscribers += group.members.size;
    return { groups: this.#groups.size, subscribers, ...this.#pushed };
  }

  /**
   * Makes an operation one of a group until it ends, which may be at once.
   * @param key the same for all that get the same bytes
   */
  join(key: string, args: ExecutionArgs, operation: RunningOperation, source: CycleSource): void {
    let group = this.#groups.get(key);
    if (!group) this.#groups.set(key, (group = new Group(args, source.events, this.#turn)));
    const joined = group;
    const member = new Member(operation, source);
    joined.members.add(member);
    operation.owns(() => {
      joined.members.delete(member);
      if (joined.members.size === 0 && this.#groups.get(key) === joined) this.#groups.delete(key);
    });
    this.#catchingUp.begin(joined, member);
  }

  async #run(): Promise<void> {
    const { services, admission, log } = this.#options;
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      try {
        for await (const figures of services.feed.follow(this.#turn, signal)) {
          this.#turn = figures.turn;
          await admission.first(this.#pushAll(figures));
        }
      } catch (error) {
        // The database went away between the announcement and the reading; it is asked again.
        log.warn({ err: error }, 'cycles could not be read for subscribers');
        await pause(RETRY_MS, signal);
      }
    }
  }

  /** Pushes a turn to every group, unless it is taken back; one that stands goes to all of them. */
  async #pushAll(figures: FollowedTurn): Promise<void> {
    const pushing = (this.#pushing = { turn: figures.turn, isTakenBack: false });
    // Each takes its time: what most wait for comes first.
    const groups = [...this.#groups.values()].sort((a, b) => b.members.size - a.members.size);
    for (const group of groups) {
      if (!pushing.isTakenBack) await this.#push(group, figures, pushing);
    }
    this.#pushing = null;
  }

  async #push(
    group: Group,
    figures: FollowedTurn,
    pushing: { readonly isTakenBack: boolean },
  ): Promise<void> {
    const { log } = this.#options;
    const { turn } = figures;
    if (!group.isWaitingFor(turn)) {
      // What nobody can be sent yet would only hold up those who catch up: they make it when they are there.
      group.position = turn;
      return;
    }
    const event = group.events.live(figures);
    let messages: SharedMessages | null = null;
    try {
      const body = event && (await group.body(event, firstPace(), this.#options));
      messages = body && new SharedMessages(turn, [body]);
    } catch (error) {
      log.warn({ err: error, turn }, 'a cycle could not be written for subscribers');
    }
    if (pushing.isTakenBack) return;
    group.position = turn;
    const waiting: Member[] = [];
    for (const member of group.members) {
      if (member.isCatchingUp || member.last >= turn) continue;
      if (!messages) this.#catchingUp.begin(group, member);
      else if (member.waitsFor(messages)) waiting.push(member);
      else this.#send(member, messages);
    }
    if (waiting.length === 0) return;
    await messages?.compress();
    if (pushing.isTakenBack || !messages) return;
    for (const member of waiting) this.#send(member, messages);
  }

  #send(member: Member, messages: SharedMessages): void {
    const bytes = member.send(messages);
    if (bytes === null) return;
    this.#pushed.messages += messages.bodies.length;
    this.#pushed.bytes += bytes;
  }
}
