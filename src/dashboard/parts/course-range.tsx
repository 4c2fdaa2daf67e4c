import { RangeChoice } from '../charts/range-choice.js';
import { RANGES, type RangeName } from '../charts/range-names.js';
import type { TimeRange } from '../charts/types.js';
import { rangeText } from '../pair/address.js';
import { show, useViewState } from '../use-view-state.js';
import './view-bar.css';

function choose(name: RangeName): void {
  show({ range: name, from: null, to: null }, true);
}

/** Which range of time the charts show, in all views: buttons, or a list where these have no room. */
export function CourseRangeChoice({ shown }: { readonly shown: TimeRange }) {
  const { range, from } = useViewState();
  const isFree = from !== null;
  return (
    <>
      <div className="range-wide">
        <RangeChoice
          value={isFree ? null : range}
          choose={choose}
          shown={shown}
          chooseFree={(free) => show(rangeText(free), true)}
        />
      </div>
      <select
        className="range-narrow"
        aria-label="Range"
        value={isFree ? 'free' : range}
        onChange={(event) => choose(event.target.value as RangeName)}
      >
        {isFree && <option value="free">free</option>}
        {RANGES.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </>
  );
}
