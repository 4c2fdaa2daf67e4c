import { useLive } from '../api/use-live.js';
import { useTurn } from '../api/use-turn.js';
import { formatNumber } from '../format/numbers.js';
import {
  formatMoment,
  formatMomentNear,
  formatZone,
  setZone,
  useZone,
  type Zone,
} from '../format/moments.js';
import { useNow } from '../shell/use-now.js';
import { useShownMoment, type ShownMoment } from './shown-moment.js';
import './clock.css';

/** When what is shown was observed, by the clock of one's choice, and how far it is to the next cycle. */
export function Clock() {
  const shown = useShownMoment();
  const { isLive } = useTurn();
  return (
    <div className="clock">
      {shown && <Moment shown={shown} isPast={!isLive} />}
      <ZoneChoice at={shown?.at ?? null} />
      {shown && (
        <span className="clock-turn roomy">
          turn <span data-testid="turn">{formatNumber(shown.turn, 0)}</span>
        </span>
      )}
      <Recording />
      <NextCycle />
    </div>
  );
}

/** How far a recording has been played, with its days. */
function Recording() {
  const { status } = useLive();
  const zone = useZone();
  const replay = status?.replay;
  if (!replay) return null;
  const [from, to, at] = [replay.from, replay.to, replay.at].map((each) => Date.parse(each)) as [
    number,
    number,
    number,
  ];
  const part = to > from ? Math.min(1, Math.max(0, (at - from) / (to - from))) : 1;
  const percent = Math.floor(100 * part);
  const words = `${percent} % of the recording from ${formatMoment(from, zone, 'minute')} to ${formatMoment(to, zone, 'minute')}`;
  return (
    <span className="recording" title={words}>
      <meter min={0} max={1} value={part} aria-label="Of the recording">
        {words}
      </meter>
      <span className="roomy" aria-hidden="true">
        {percent} %
      </span>
    </span>
  );
}

/** Today's clock alone; with the day where it is another one. */
function Moment({ shown, isPast }: { readonly shown: ShownMoment; readonly isPast: boolean }) {
  const zone = useZone();
  const now = useNow(60_000);
  const { at } = shown;
  if (at === null) return <span>{shown.lack}</span>;
  const both = (['local', 'utc'] as const).map(
    (each) => `${formatMoment(at, each)} ${zoneName(each, at)}`,
  );
  return (
    <time dateTime={at} className={isPast ? 'past' : undefined} title={both.join('\n')}>
      {formatMomentNear(at, now, zone)}
    </time>
  );
}

/** Local time may be UTC itself; it is called local then, so that one sees what was chosen. */
function zoneName(zone: Zone, at: string | number): string {
  const name = formatZone(at, zone);
  return zone === 'local' && name === 'UTC' ? 'local' : name;
}

function ZoneChoice({ at }: { readonly at: string | null }) {
  const zone = useZone();
  const other: Zone = zone === 'utc' ? 'local' : 'utc';
  const name = zoneName(zone, at ?? Date.now());
  const words = zone === 'utc' ? 'Show local time' : 'Show UTC';
  return (
    <button type="button" className="zone" title={words} onClick={() => setZone(other)}>
      {name}
      <span className="hidden">. {words}</span>
    </button>
  );
}

/** How far it is to the next cycle. */
function NextCycle() {
  const { status, latest, clockOffsetMs, connection } = useLive();
  const now = useNow(200);
  if (!status || connection.state !== 'LIVE') return null;
  const { cycleIntervalMs } = status;
  const started = latest ? Date.parse(latest.completedAt) + clockOffsetMs : now;
  const due = status.nextCycleAt
    ? Date.parse(status.nextCycleAt) + clockOffsetMs
    : started + cycleIntervalMs;
  const left = Math.max(0, due - now);
  const done = Math.min(1, Math.max(0, 1 - left / cycleIntervalMs));
  const seconds = Math.ceil(left / 1_000);
  return (
    <>
      <meter min={0} max={1} value={done} aria-label="Until the next cycle">
        {Math.round(done * 100)} %
      </meter>
      <span className="quiet next roomy" aria-hidden="true">
        {cycleIntervalMs < 2_000
          ? `every ${cycleIntervalMs / 1_000} s`
          : left > 0
            ? `${seconds} s`
            : 'due now'}
      </span>
    </>
  );
}
