import {
  AlertsDocument,
  HealthNoticesDocument,
  type HealthKind,
  type HealthNoticesQuery,
} from '../../generated/operations.js';
import { CHANNEL_WORDS, PROBLEM_WORDS } from '../alerts/words.js';
import { useAskedAgain } from '../api/use-asked-again.js';
import { formatMoment, formatSpan, useZone } from '../format/moments.js';
import { ErrorNote } from '../parts/notes.js';
import { Part } from './facts.js';

const KIND_WORDS: Readonly<Record<HealthKind, string>> = {
  OVERDUE: 'Turns overdue',
  SKIPPED: 'Turns skipped',
  DATABASE_AWAY: 'Database away',
  EXCHANGE_BANNED: 'Silenced by the exchange',
  SPOOLED: 'Cycles kept on disk',
  CHANNEL_DEAD: 'A channel is off',
};

type Notice = NonNullable<HealthNoticesQuery['healthNotices']>[number];

/** What was wrong with the engine, as it was told through the channels of alerts. */
export function NoticesPart() {
  const { data, error, again } = useAskedAgain(HealthNoticesDocument, { first: 20 });
  const notices = data?.healthNotices;
  return (
    <Part name="Health notices">
      {error && <ErrorNote error={error} again={again} />}
      {notices?.length === 0 && <p className="quiet">Nothing was wrong so far.</p>}
      {notices && notices.length > 0 && <Notices notices={notices} />}
    </Part>
  );
}

function Notices({ notices }: { readonly notices: readonly Notice[] }) {
  const zone = useZone();
  return (
    <ol className="notices">
      {notices.map(({ id, kind, message, since, until }) => (
        <li key={id} className={until === null ? 'lasting' : ''}>
          <strong>{KIND_WORDS[kind]}</strong>{' '}
          <span className="quiet">
            {formatMoment(since, zone, 'second')},{' '}
            {until === null
              ? 'and lasts'
              : `for ${formatSpan(Date.parse(until) - Date.parse(since))}`}
          </span>
          <br />
          {message}
        </li>
      ))}
    </ol>
  );
}

/** Where alerts are told, those that are off first. */
export function ChannelsPart() {
  const { data, error, again } = useAskedAgain(AlertsDocument, {});
  const channels = (data?.alerts ?? []).flatMap(({ name, channels }) =>
    channels.map((channel) => ({ ...channel, rule: name })),
  );
  const sorted = channels.toSorted((a, b) => Number(a.enabled) - Number(b.enabled));
  const off = channels.filter(({ enabled }) => !enabled).length;
  return (
    <Part name="Channels of alerts">
      {error && <ErrorNote error={error} again={again} />}
      {data && channels.length === 0 && (
        <p className="quiet">
          No alert has a channel: health notices are told to nobody but this page.
        </p>
      )}
      {channels.length > 0 && (
        <p>
          {channels.length - off} of {channels.length} are told.
        </p>
      )}
      <ul className="notices">
        {sorted.map(({ id, kind, name, target, problem, rule }) => (
          <li key={id} className={problem ? 'lasting' : ''}>
            <strong>{name}</strong>{' '}
            <span className="quiet">
              {CHANNEL_WORDS[kind]}, {target}, of “{rule}”
            </span>
            {problem && (
              <>
                <br />
                {PROBLEM_WORDS[problem]}
              </>
            )}
          </li>
        ))}
      </ul>
    </Part>
  );
}
