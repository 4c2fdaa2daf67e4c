import { useEffect, useMemo, useRef, useState } from 'react';
import { useClient } from 'urql';
import {
  AlertFiringsDocument,
  AlertsDocument,
  type AlertRuleFragment,
} from '../../generated/operations.js';
import { useAskedAgain } from '../api/use-asked-again.js';
import type { Asked } from '../api/use-cycle.js';
import type { Firing } from './firing-feed.js';
import { useFirings } from './use-firings.js';

export type Rule = AlertRuleFragment;

/** What others change, and what becomes of rules and their channels by itself, is looked for so often. */
const EVERY_MS = 15_000;

/** The rules, and again after a while: they change without a turn. */
export function useRules(): Asked<readonly Rule[]> {
  const { data, ...asked } = useAskedAgain(AlertsDocument, {}, EVERY_MS);
  return { ...asked, data: data?.alerts ?? null };
}

/** The last firing of a rule; null: it has none. Undefined: that is not known yet. */
export type LastFirings = ReadonlyMap<string, Firing | null>;

/**
 * The last firing of each rule: of those that are among the newest, it is known; the others are asked
 * for, one after another.
 */
export function useLastFirings(rules: readonly Rule[]): LastFirings {
  const client = useClient();
  const { newest, olderAfter } = useFirings();
  const [read, setRead] = useState<LastFirings>(new Map());
  const asked = useRef(new Set<string>());
  const recent = useMemo(() => {
    const last = new Map<string, Firing>();
    for (const firing of newest ?? []) {
      const id = firing.alert?.id;
      if (id !== undefined && !last.has(id)) last.set(id, firing);
    }
    return last;
  }, [newest]);
  const isComplete = newest !== null && olderAfter === null;
  const missing = newest === null || isComplete ? [] : rules.filter(({ id }) => !recent.has(id));
  const wanted = missing.map(({ id }) => id).join();

  useEffect(() => {
    let isOver = false;
    const readAll = async (): Promise<void> => {
      for (const id of wanted === '' ? [] : wanted.split(',')) {
        if (isOver) return;
        if (asked.current.has(id)) continue;
        asked.current.add(id);
        const { data } = await client.query(AlertFiringsDocument, { first: 1, alert: id });
        const last = data?.alertFirings?.nodes[0] ?? null;
        if (data) setRead((before) => new Map(before).set(id, last));
        // Asked for again with the rules, which are read again by themselves.
        else asked.current.delete(id);
      }
    };
    void readAll();
    return () => {
      isOver = true;
    };
  }, [client, wanted, rules]);

  return useMemo(() => {
    const none = isComplete ? rules.map(({ id }) => [id, null] as const) : [];
    return new Map([...none, ...read, ...recent]);
  }, [isComplete, rules, read, recent]);
}
