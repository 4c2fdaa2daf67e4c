import { useState } from 'react';
import {
  WalletAttributionDocument,
  WalletCourseDocument,
  type WalletAttributionQuery,
  type WalletAttributionQueryVariables,
} from '../../generated/operations.js';
import { useCourseRange, type CourseRange } from '../api/use-course-range.js';
import { useFollowed, type Followed } from '../api/use-followed.js';
import { useZone } from '../format/moments.js';
import { CourseRangeChoice } from '../parts/course-range.js';
import { EmptyNote, ErrorNote, Waiting } from '../parts/notes.js';
import { useViewState } from '../use-view-state.js';
import { AttributionTable } from './attribution.js';
import { WalletCourse } from './course.js';
import { GrowthCourse } from './growth-course.js';
import { everyOf } from './growth.js';
import type { Course } from './shares.js';
import { ShapeChoice } from './tools.js';

const POINTS = 500;
const BUCKETS = 120;

/** How long buckets of what a course covers are; null before that is known. */
function bucketsOf(course: Course | null): string | null {
  if (!course || course.from === null || course.to === null) return null;
  return everyOf(Date.parse(course.to) - Date.parse(course.from), BUCKETS);
}

interface WalletHistoryProps {
  /** What made its value change over the range, as a whole. */
  readonly growth: Followed<WalletAttributionQuery, WalletAttributionQueryVariables>;
  readonly observedAt: string;
}

/** How the wallet came to be worth that: its course, and what made it change. */
export function WalletHistory({ growth, observedAt }: WalletHistoryProps) {
  const { valueIn, valueAt, walletShape } = useViewState();
  const [storedFrom, setStoredFrom] = useState<string | null>(null);
  const range = useCourseRange(storedFrom);
  const { asked, isLive } = range;
  const { answer, error, isWaiting, again } = useFollowed(
    WalletCourseDocument,
    asked && { in: valueIn, price: valueAt, maxPoints: POINTS, ...asked },
    isLive,
  );
  const course = answer?.data.walletSeries ?? null;
  if (course && course.from !== storedFrom) setStoredFrom(course.from);
  return (
    <>
      <div className="view-bar">
        <h3>Over time</h3>
        <ShapeChoice shape={walletShape} />
        <CourseRangeChoice shown={range.shown} />
      </div>
      <Waiting is={isWaiting && !course} label="Loading the course of the wallet" />
      {error && <ErrorNote error={error} again={again} />}
      {course && course.starts.length === 0 && (
        <EmptyNote title="Nothing is stored in this range">
          <p>Choose another one.</p>
        </EmptyNote>
      )}
      {course && course.starts.length > 0 && (
        <WalletCourse course={course} shape={walletShape} range={range} />
      )}
      <Growths whole={growth} range={range} every={bucketsOf(course)} at={observedAt} />
    </>
  );
}

interface GrowthsProps {
  readonly whole: WalletHistoryProps['growth'];
  readonly range: CourseRange;
  /** How long the buckets of the chart are; null before that is known. */
  readonly every: string | null;
  readonly at: string;
}

/** What made the value change over the range, as a whole and bucket by bucket. */
function Growths({ whole, range, every, at }: GrowthsProps) {
  const { valueIn } = useViewState();
  const zone = useZone();
  const { asked, isLive } = range;
  const buckets = useFollowed(
    WalletAttributionDocument,
    asked && every !== null ? { in: valueIn, every, ...asked } : null,
    isLive,
  );
  const attribution = whole.answer?.data.walletAttribution;
  const grown = buckets.answer;
  const error = whole.error ?? buckets.error;
  return (
    <>
      {error && <ErrorNote error={error} again={whole.error ? whole.again : buckets.again} />}
      {attribution && (
        <AttributionTable attribution={attribution} at={Date.parse(at)} zone={zone} />
      )}
      {grown?.data.walletAttribution && grown.variables.every && (
        <GrowthCourse
          attribution={grown.data.walletAttribution}
          every={grown.variables.every}
          range={range}
        />
      )}
    </>
  );
}
