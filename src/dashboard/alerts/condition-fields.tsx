import { typedNumber, type Draft, type Watch } from './draft.js';
import type { Faults } from './faults.js';
import { Entry, Pick } from './fields.js';
import { unitOfLine } from './words.js';

const WATCH_WORDS: readonly (readonly [Watch, string])[] = [
  ['above', 'is above'],
  ['below', 'is below'],
  ['crosses', 'crosses'],
  ['moves', 'moves by'],
];

const NO_NUMBER = 'a number is wanted, for example 1,234.5';

interface ConditionFieldsProps {
  readonly draft: Draft;
  readonly faults: Faults;
  readonly change: (part: Partial<Draft>) => void;
  /** Whether the level is to stay as it is unless it is typed. */
  readonly holdLevel: (isHeld: boolean) => void;
}

/** What a rule watches for, and how often it may tell. */
export function ConditionFields({ draft, faults, change, holdLevel }: ConditionFieldsProps) {
  const { watch, level, percent, within, cooldown, line } = draft;
  const isMove = watch === 'moves';
  return (
    <>
      <Pick
        label="When it"
        value={watch}
        options={WATCH_WORDS}
        set={(next) => change({ watch: next })}
      />
      {isMove ? (
        <>
          <Entry
            label="Percent"
            isNumber
            size={5}
            unit="%"
            value={percent}
            fault={faultOf(percent, faults.get('condition.movesPercent'))}
            set={(next) => change({ percent: next })}
          />
          <Entry
            label="Within"
            size={4}
            value={within}
            fault={faults.get('condition.within')}
            set={(next) => change({ within: next })}
          />
        </>
      ) : (
        <Entry
          label="Level"
          isNumber
          size={12}
          unit={unitOfLine(line)}
          value={level ?? ''}
          fault={level === null ? undefined : faultOf(level, faults.get(`condition.${watch}`))}
          set={(next) => change({ level: next })}
          onFocusChange={holdLevel}
        />
      )}
      <Entry
        label="At most once in"
        size={7}
        placeholder="any time"
        value={cooldown}
        fault={faults.get('cooldown')}
        set={(next) => change({ cooldown: next })}
      />
    </>
  );
}

function faultOf(text: string, fault: string | undefined): string | undefined {
  return typedNumber(text) === null ? NO_NUMBER : fault;
}
