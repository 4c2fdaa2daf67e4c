import { useEffect, useMemo, useRef, useState } from 'react';
import { useClient } from 'urql';
import {
  AlertFiringsDocument,
  AlertsDocument,
  type AlertRuleFragment,
} from '../../generated/operations.js';
import { useAskedAgain } from '../api/use-asked-again.js';
import type { Asked } from '../api/use-asked.js';
import { NONE_KNOWN, withNewest, withRead, type LastFirings } from './last-firings.js';
import { useFirings } from './use-firings.js';

export type Rule = AlertRuleFragment;

/** What others change, and what becomes of rules and their channels by itself, is looked for so often. */
const EVERY_MS = 15_000;

/** The rules, and again after a while: they change without a turn. */
export function useRules(): Asked<readonly Rule[]> {
  const { data, ...asked } = useAskedAgain(AlertsDocument, {}, EVERY_MS);
  return { ...asked, data: data?.alerts ?? null };
}

/**
 * The last firing of each rule, as far as it is known: of those that are among the newest, it is; the
 * others are asked for, one after another.
 */
export function useLastFirings(rules: readonly Rule[]): LastFirings {
  const client = useClient();
  const { newest, isWhole } = useFirings();
  const [known, setKnown] = useState(NONE_KNOWN);
  const asked = useRef(new Set<string>());
  const recent = useMemo(() => withNewest(NONE_KNOWN, newest), [newest]);
  const missing = newest === null || isWhole ? [] : rules.filter(({ id }) => !recent.has(id));
  const wanted = missing.map(({ id }) => id).join();

  useEffect(() => {
    if (newest === null) asked.current.clear();
    setKnown((before) => withNewest(before, newest));
  }, [newest]);

  useEffect(() => {
    let isOver = false;
    const readAll = async (): Promise<void> => {
      for (const id of wanted === '' ? [] : wanted.split(',')) {
        if (isOver) return;
        if (asked.current.has(id)) continue;
        asked.current.add(id);
        const { data } = await client.query(AlertFiringsDocument, { first: 1, alert: id });
        const last = data?.alertFirings?.nodes[0] ?? null;
        if (data) setKnown((before) => withRead(before, id, last));
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
    const none = isWhole ? rules.map(({ id }) => [id, null] as const) : [];
    return new Map([...none, ...known, ...recent]);
  }, [isWhole, rules, known, recent]);
}
