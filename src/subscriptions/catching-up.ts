import { pause } from '../async/pause.js';
import type { TurnEvent } from '../feeds/turn-events.js';
import { unlessAway } from '../history/database-unavailable.js';
import type { Admission } from '../operate/admission.js';
import type { Pace } from '../scheduling/slices.js';
import type { Body } from './body.js';
import type { Cohort, Stretch } from './cohorts.js';
import type { Group, GroupOptions } from './group.js';
import type { Member } from './member.js';
import { SharedMessages } from './shared-messages.js';

/** How soon cycles that could not be read are asked for again, milliseconds. */
export const RETRY_MS = 250;
/**
 * Of how many turns, and of about how many bytes, messages are sent in one go. The turns end at multiples
 * of their number, so that those who begin at different turns come to stand at the same.
 */
const TURNS_TOGETHER = 32;
const BYTES_TOGETHER = 64 * 1024;
/** After how long what there is is sent, milliseconds: the rest may take its time to be worked out. */
const GATHERING_MS = 20;

export interface CatchingUpOptions extends GroupOptions {
  readonly admission: Admission;
  /** Sends it, and counts it. */
  readonly send: (member: Member, messages: SharedMessages) => void;
  /** Aborted when nothing more is sent. */
  readonly stopped: AbortSignal;
}

/** What follows a turn, ready to be sent; null where nothing is stored. */
type NextBody = { readonly turn: number; readonly body: Body } | null;

/**
 * Sends members what they have missed. Those of a group who stand at the same turn are a cohort: what
 * follows is looked for once and laid out once, and then written to each of them, as a push is. Cohorts
 * that come to the same turn go on as one. Who has not read what it was sent leaves its cohort until it
 * has, and so holds up nobody.
 */
export class CatchingUp {
  readonly #options: CatchingUpOptions;

  constructor(options: CatchingUpOptions) {
    this.#options = options;
  }

  /** Has a member sent what it has missed; the step from the last of it to live is not interrupted. */
  begin(group: Group, member: Member): void {
    if (!member.isOpen) return;
    member.isCatchingUp = member.last < group.position;
    if (!member.isCatchingUp) return;
    const cohort = group.cohorts.add(member);
    if (cohort) void this.#run(group, cohort);
  }

  /** Takes a cohort on until nobody is left in it, or it has become one with another. */
  async #run(group: Group, cohort: Cohort): Promise<void> {
    const { admission, log } = this.#options;
    const pace = admission.paceOf(group.viewer);
    try {
      let goesOn = true;
      while (goesOn && !isOver(group, cohort)) goesOn = await this.#step(group, cohort, pace);
    } catch (error) {
      log.warn({ err: error }, 'subscribers could not be brought up to date');
      for (const member of cohort.members) member.fail();
    } finally {
      group.cohorts.remove(cohort);
      group.cohorts.tidy();
    }
  }

  /** @returns whether the cohort goes on by itself */
  async #step(group: Group, cohort: Cohort, pace: Pace): Promise<boolean> {
    const { feed } = this.#options.services;
    if (pace.isSpent) await pace.next();
    const { epoch } = feed;
    const stretch = await this.#stretchFor(group, cohort, epoch, pace);
    for (const member of cohort.members) {
      if (stretch && pace.isSpent) await pace.next();
      if (stretch && member.waitsFor(stretch.messages)) await stretch.messages.compress();
      if (epoch !== feed.epoch) {
        this.#beginAnew(group, cohort);
        return false;
      }
      this.#serve(group, cohort, member, stretch);
    }
    // At once: whoever came in a moment later would be taken to where it was not sent what lies between.
    if (stretch) return group.cohorts.move(cohort, stretch.messages.through);
    group.cohorts.remove(cohort);
    return false;
  }

  /** Turns were taken back or purged meanwhile: each begins where it stands now. */
  #beginAnew(group: Group, cohort: Cohort): void {
    group.cohorts.remove(cohort);
    for (const member of cohort.members) this.begin(group, member);
  }

  /** Sends a member of a cohort what follows; where nothing does, what it had not seen was purged. */
  #serve(group: Group, { members }: Cohort, member: Member, stretch: Stretch | null): void {
    if (!member.isOpen) members.delete(member);
    else if (!stretch || member.isDrained) {
      if (stretch) this.#options.send(member, stretch.messages);
      else member.last = group.position;
      if (member.last < group.position) return;
      member.isCatchingUp = false;
      members.delete(member);
    } else {
      members.delete(member);
      void member.drained().then(() => this.begin(group, member));
    }
  }

  /** What follows the turn of a cohort, up to where its group is; null where nothing is stored. */
  async #stretchFor(
    group: Group,
    cohort: Cohort,
    epoch: string,
    pace: Pace,
  ): Promise<Stretch | null> {
    const { feed } = this.#options.services;
    const { turn: from } = cohort;
    const kept = group.cohorts.stretchAfter(from);
    const isLongEnough = kept && (kept.isFull || kept.messages.through >= group.position);
    if (isLongEnough && kept.epoch === epoch) return kept;
    const bodies: Body[] = [];
    let turn = from;
    let bytes = 0;
    let isFull = false;
    const start = performance.now();
    // One at least: this process may have stood still since the start.
    const isSoon = (): boolean => bodies.length === 0 || performance.now() - start < GATHERING_MS;
    while (!isFull && turn < group.position && isSoon()) {
      const next = await this.#nextFor(
        group,
        turn,
        pace,
        () => bodies.length > 0 || isOver(group, cohort),
      );
      if (next === null || epoch !== feed.epoch) break;
      bytes += next.body.plain.length;
      isFull = bodies.length > 0 && bytes > BYTES_TOGETHER;
      if (isFull) break;
      bodies.push(next.body);
      turn = next.turn;
      isFull = bodies.length === TURNS_TOGETHER || turn % TURNS_TOGETHER === 0;
      if (pace.isSpent) await pace.next();
    }
    if (bodies.length === 0) return null;
    const stretch = { messages: new SharedMessages(turn, bodies), isFull, epoch };
    if (epoch === feed.epoch) group.cohorts.keep(from, stretch);
    return stretch;
  }

  /**
   * What follows a turn, and the body of it; while the database is away, it waits. Nothing that counts
   * where turns are taken back or purged meanwhile.
   * @param isEnough whether it need not wait
   */
  async #nextFor(
    group: Group,
    turn: number,
    pace: Pace,
    isEnough: () => boolean,
  ): Promise<NextBody> {
    const { stopped } = this.#options;
    for (;;) {
      const next = await unlessAway(this.#nextAfter(group, turn, pace), () => 'AWAY' as const);
      if (next !== 'AWAY') return next;
      if (isEnough() || stopped.aborted) return null;
      await pause(RETRY_MS, stopped);
    }
  }

  async #nextAfter(group: Group, turn: number, pace: Pace): Promise<NextBody> {
    const { feed } = this.#options.services;
    const { epoch } = feed;
    const event = await group.events.after(turn, group.position);
    const body = event && (await this.#bodyInPlace(group, event, epoch, pace));
    return body && { turn: event.turn, body };
  }

  /** The body of an event: where it is not at hand, it is made when there is a place for that. */
  async #bodyInPlace(
    group: Group,
    event: TurnEvent,
    epoch: string,
    pace: Pace,
  ): Promise<Body | null> {
    const { admission, services } = this.#options;
    if (group.has(event)) return group.body(event, pace, this.#options);
    const leave = await admission.place(group.viewer);
    try {
      // A body of what was taken back would be kept for others.
      return epoch === services.feed.epoch ? await group.body(event, pace, this.#options) : null;
    } finally {
      leave();
    }
  }
}

/** Whether nobody is left in a cohort; nobody comes into it any more then. */
function isOver(group: Group, cohort: Cohort): boolean {
  if (cohort.isOpen) return false;
  group.cohorts.remove(cohort);
  return true;
}
