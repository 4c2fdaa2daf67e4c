import { randomUUID } from 'node:crypto';
import type { NotificationChannel } from '../feeds/notifications.js';
import type { RuleBook } from './rule-book.js';
import type { NewVersion, RuleStore, StoredVersion } from './rule-store.js';

/** How many rules there may be at a time. */
export const MOST_RULES = 2_000;

/** What somebody who makes or changes a rule says of it. */
export type RuleContent = Pick<
  NewVersion,
  'name' | 'line' | 'condition' | 'cooldown' | 'channels' | 'isEnabled'
>;

/** Makes what a rule is to be of what it is. */
export type RuleChange<Refusal> = (
  rule: StoredVersion,
) => Promise<{ readonly ok: true; readonly content: RuleContent } | Refusal>;

interface AlertRulesOptions {
  readonly store: RuleStore;
  readonly book: RuleBook;
  readonly notifications: Pick<NotificationChannel, 'publish'>;
}

/** Makes, changes and deletes rules: each of it is a version more. */
export class AlertRules {
  readonly #options: AlertRulesOptions;

  constructor(options: AlertRulesOptions) {
    this.#options = options;
  }

  /** @returns null where there are as many as there may be */
  async create(content: RuleContent): Promise<StoredVersion | null> {
    const rule = randomUUID();
    for (;;) {
      await this.#options.book.refresh();
      if (this.#options.book.current.length >= MOST_RULES) return null;
      const made = await this.#add({ ...content, rule, version: 1, isDeleted: false });
      if (made) return made;
    }
  }

  /** A change that changes nothing makes no version. @returns null where there is no such rule */
  async update<Refusal extends { readonly ok: false }>(
    rule: string,
    change: RuleChange<Refusal>,
  ): Promise<{ readonly ok: true; readonly rule: StoredVersion } | Refusal | null> {
    const { book } = this.#options;
    for (;;) {
      await book.refresh();
      const before = book.rule(rule);
      if (before === null) return null;
      const changed = await change(before);
      if (!changed.ok) return changed;
      if (isSame(changed.content, before)) return { ok: true, rule: before };
      const { content } = changed;
      const version = before.version + 1;
      const made = await this.#add({ ...content, rule, version, isDeleted: false });
      if (!made) continue;
      return { ok: true, rule: made };
    }
  }

  /** Its firings stay. @returns whether there was such a rule */
  async delete(rule: string): Promise<boolean> {
    const { book } = this.#options;
    for (;;) {
      await book.refresh();
      const before = book.rule(rule);
      if (before === null) return false;
      const { name, line, condition, cooldown, version } = before;
      const made = await this.#add({
        ...{ rule, name, line, condition, cooldown, channels: [], isEnabled: false },
        ...{ version: version + 1, isDeleted: true },
      });
      if (made) return true;
    }
  }

  /** Null where another version was saved meanwhile. */
  async #add(version: NewVersion): Promise<StoredVersion | null> {
    const { store, book, notifications } = this.#options;
    const place = book.last + 1;
    if (!(await store.add(version, place))) return null;
    await book.refresh();
    notifications.publish({ kind: 'ALERTS' });
    const versions = [...book.rules].find(([first]) => first?.rule === version.rule) ?? [];
    return versions.find(({ sequence }) => sequence === place) ?? null;
  }
}

function isSame(content: RuleContent, before: StoredVersion): boolean {
  const names = Object.keys(content) as (keyof RuleContent)[];
  return names.every((name) => JSON.stringify(content[name]) === JSON.stringify(before[name]));
}
