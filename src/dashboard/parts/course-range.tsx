import { RangeChoice } from '../charts/range-choice.js';
import { RANGES, type RangeName } from '../charts/range-names.js';
import type { TimeRange } from '../charts/types.js';
import { rangeText } from '../pair/address.js';
import { show, useViewState } from '../use-view-state.js';
import './view-bar.css';

function choose(name: RangeName): void {
  show({ range: name, from: null, to: null }, true);
}

interface CourseRangeProps {
  readonly shown: TimeRange;
}

/** Which range of time the charts show, in all views: buttons, or a list where these have no room. */
export function CourseRangeChoice({ shown }: CourseRangeProps) {
  return (
    <>
      <div className="range-wide">
        <RangeButtons shown={shown} />
      </div>
      <div className="range-narrow">
        <RangeSelect />
      </div>
    </>
  );
}

export function RangeButtons({ shown }: CourseRangeProps) {
  const { range, from } = useViewState();
  return (
    <RangeChoice
      value={from === null ? range : null}
      choose={choose}
      shown={shown}
      chooseFree={(free) => show(rangeText(free), true)}
    />
  );
}

export function RangeSelect() {
  const { range, from } = useViewState();
  const isFree = from !== null;
  return (
    <select
      aria-label="Range"
      value={isFree ? 'free' : range}
      onChange={(event) => choose(event.target.value as RangeName)}
    >
      {isFree && <option>free</option>}
      {RANGES.map((name) => (
        <option key={name}>{name}</option>
      ))}
    </select>
  );
}
