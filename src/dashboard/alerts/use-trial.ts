import { useEffect, useMemo, useState } from 'react';
import {
  TestAlertDocument,
  type AlertInput,
  type TestAlertQuery,
} from '../../generated/operations.js';
import { wordsOf } from '../api/client.js';
import { useAsked } from '../api/use-asked.js';
import { faultsOfTest, type Faults } from './faults.js';
import type { TrialRange } from './use-course.js';

/** How long one has stopped typing, or dragging, before a rule is tested, milliseconds. */
const SETTLED_MS = 350;

const NOTHING: AlertInput = { name: '-', line: { kind: 'CELL' }, condition: {} };

/** What a rule would have fired. */
export interface Trial {
  /** Null before it is known. */
  readonly test: NonNullable<TestAlertQuery['testAlert']> | null;
  /** Whether it is of what is typed now. */
  readonly isCurrent: boolean;
  readonly faults: Faults;
}

/**
 * Tests a rule while it is typed: by the server, with the code that rules are watched by.
 * @param rule null while what is typed is none
 */
export function useTrial(rule: AlertInput | null, range: TrialRange): Trial {
  const key = JSON.stringify([rule, range]);
  const settled = useSettled(key);
  const [input, over] = useMemo(
    () => JSON.parse(settled) as [AlertInput | null, TrialRange],
    [settled],
  );
  const variables = { input: input ?? NOTHING, from: `now-${over}`, to: 'now' };
  const { data, isWaiting, error } = useAsked(TestAlertDocument, variables, input === null);
  const isCurrent = settled === key && !isWaiting && input !== null;
  return {
    test: input === null || error ? null : (data?.testAlert ?? null),
    isCurrent,
    faults: isCurrent && error ? faultsOfTest(error, wordsOf(error)) : new Map(),
  };
}

/** A text once it has stayed the same for a while. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    if (settled === text) return;
    const timer = setTimeout(() => setSettled(text), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [text, settled]);
  return settled;
}
