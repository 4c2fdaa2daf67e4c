import { useId, useRef, useState, type SubmitEvent } from 'react';
import { formatMomentNear, momentOf, useZone, wallTime, type Zone } from '../format/moments.js';
import { RANGES, type RangeName } from './range-names.js';
import type { TimeRange } from './types.js';

interface RangeChoiceProps {
  /** Null where it is a free one. */
  readonly value: RangeName | null;
  readonly choose: (range: RangeName) => void;
  /** What is shown now. */
  readonly shown: TimeRange;
  /** From one moment to another; without it there is no free choice. */
  readonly chooseFree?: (range: TimeRange) => void;
}

/** How much of the past is shown: one of the usual stretches, or from one moment to another. */
export function RangeChoice({ value, choose, shown, chooseFree }: RangeChoiceProps) {
  const id = useId();
  const zone = useZone();
  const popover = useRef<HTMLDivElement>(null);
  const [opened, setOpened] = useState(0);
  return (
    <div className="range-choice" role="group" aria-label="Range">
      {RANGES.map((name) => (
        <button
          key={name}
          type="button"
          className="small"
          aria-pressed={name === value}
          onClick={() => choose(name)}
        >
          {name}
        </button>
      ))}
      {chooseFree && (
        <>
          <button
            type="button"
            className="small free"
            aria-pressed={value === null}
            popoverTarget={id}
          >
            {value === null ? wordsOf(shown, zone) : 'from…'}
          </button>
          <div
            id={id}
            ref={popover}
            popover="auto"
            className="popover range-popover"
            onToggle={({ newState }) => newState === 'open' && setOpened((before) => before + 1)}
          >
            {/* With what is shown when it is opened, not with what that has moved on to since. */}
            <FreeRange
              key={opened}
              shown={shown}
              zone={zone}
              choose={(range) => {
                popover.current?.hidePopover();
                chooseFree(range);
              }}
            />
          </div>
        </>
      )}
    </div>
  );
}

function wordsOf({ from, to }: TimeRange, zone: Zone): string {
  return `${formatMomentNear(from, to, zone, 'minute')} – ${formatMomentNear(to, from, zone, 'minute')}`;
}

interface FreeRangeProps {
  readonly shown: TimeRange;
  readonly zone: Zone;
  readonly choose: (range: TimeRange) => void;
}

function FreeRange({ shown, zone, choose }: FreeRangeProps) {
  const [fault, setFault] = useState('');
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const from = momentIn(fields.get('from'), zone);
    const to = momentIn(fields.get('to'), zone);
    setFault(from < to ? '' : 'From is to be before to.');
    if (from < to) choose({ from, to });
  };
  return (
    <form onSubmit={submit}>
      {(['from', 'to'] as const).map((name) => (
        <label key={name}>
          {name === 'from' ? 'From' : 'To'}{' '}
          <input
            type="datetime-local"
            name={name}
            step="1"
            required
            defaultValue={fieldOf(shown[name], zone)}
          />
        </label>
      ))}
      <button type="submit" className="small">
        Show
      </button>
      {fault !== '' && (
        <p className="fault" role="alert">
          {fault}
        </p>
      )}
    </form>
  );
}

/** A moment as such a field has it: "2026-11-24T14:22:08". */
function fieldOf(at: number, zone: Zone): string {
  const { year, month, day, hour, minute, second } = wallTime(at, zone);
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = [String(year).padStart(4, '0'), two(month + 1), two(day)].join('-');
  return `${date}T${[hour, minute, second].map(two).join(':')}`;
}

function momentIn(text: FormDataEntryValue | null, zone: Zone): number {
  if (typeof text !== 'string') return NaN;
  const found = /^(\d{4,})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d))?/.exec(text);
  if (!found) return NaN;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = found
    .slice(1)
    .map((part) => Number(part ?? 0));
  return momentOf({ year, month: month - 1, day, hour, minute, second }, zone);
}
