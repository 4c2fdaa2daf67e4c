import {
  OperatorStatusDocument,
  type EngineStatusFragment,
  type OperatorStatusQuery,
} from '../../generated/operations.js';
import { useAskedAgain } from '../api/use-asked-again.js';
import { useLive } from '../api/use-live.js';
import { formatNumber } from '../format/numbers.js';
import { formatMoment, formatSpan, useZone, type Zone } from '../format/moments.js';
import { Term } from '../help/term.js';
import { WarningNotes } from '../help/warnings.js';
import { ErrorNote } from '../parts/notes.js';
import { Fact, Part } from './facts.js';
import { HistoryPart } from './history-part.js';
import { ChannelsPart, NoticesPart } from './notices-part.js';
import { InstancesPart, LoadPart, LogPart, SpoolFacts, TurnCounts } from './operator-parts.js';
import './status.css';

const EXCHANGES = { BINANCE: 'Binance', SIMULATED: 'simulated', REPLAY: 'replay' };
const OPERATION_EVERY_MS = 3_000;

/** How the engine stands, for whoever runs it. */
export function StatusView() {
  const { status, gaps } = useLive();
  const zone = useZone();
  const { data, error, again } = useAskedAgain(OperatorStatusDocument, {}, OPERATION_EVERY_MS);
  if (!status) return null;
  const operation = data?.status ?? null;
  return (
    <section className="status" aria-labelledby="status-title">
      <h2 id="status-title">Status</h2>
      <WarningNotes />
      {gaps.map(({ after, afterAt, from }) => (
        <p key={after} className="note warning">
          While this page was away
          {afterAt !== null && `, from ${formatMoment(afterAt, zone)} on`}, the turns between{' '}
          {after} and {from} were removed from the history.
        </p>
      ))}
      {error && <ErrorNote error={error} again={again} />}
      <div className="status-parts">
        <TurnsPart status={status} operation={operation} />
        {operation && <InstancesPart instances={operation.instances} />}
        <ExchangePart status={status} operation={operation} />
        <DatabasePart status={status} operation={operation} />
        <HistoryPart />
        <NoticesPart />
        <ChannelsPart />
        {operation && <LoadPart load={operation.load} />}
      </div>
      {operation && <LogPart recentWarnings={operation.recentWarnings} />}
      <p>
        The same, and everything else, can be asked for in <a href="graphql">GraphiQL</a>.
      </p>
    </section>
  );
}

interface PartProps {
  readonly status: EngineStatusFragment;
  /** Null before it is known. */
  readonly operation: OperatorStatusQuery['status'] | null;
}

function TurnsPart({ status, operation }: PartProps) {
  const zone = useZone();
  const { cycleIntervalMs, latestTurn, latestCycleAt, lastSkipped, lastFailure, version } = status;
  return (
    <Part name="Turns">
      <dl className="status-facts">
        <Fact name={<Term name="turn">A turn every</Term>}>{formatSpan(cycleIntervalMs)}</Fact>
        <Fact name={<Term name="cycle">Last cycle</Term>}>
          {latestCycleAt === null
            ? 'none'
            : `${formatMoment(latestCycleAt, zone, 'second')}, turn ${latestTurn}`}
        </Fact>
        {operation && <TurnCounts turns={operation.turns} />}
        <Fact name="Last skipped">{failureWords(lastSkipped, zone)}</Fact>
        <Fact name="Last failed">{failureWords(lastFailure, zone)}</Fact>
        <Fact name="Version">{version}</Fact>
      </dl>
    </Part>
  );
}

function ExchangePart({ status: { exchange }, operation }: PartProps) {
  const zone = useZone();
  const { kind, usedWeight, weightLimit, bannedUntil, clockOffsetMs } = exchange;
  const perTurn = operation?.exchange.weightPerTurn ?? 0;
  return (
    <Part name="Exchange">
      <dl className="status-facts">
        <Fact name="Prices from">{EXCHANGES[kind]}</Fact>
        <Fact name="Request weight">
          {usedWeight === null ? 'not known' : formatNumber(usedWeight, 0)} of{' '}
          {formatNumber(weightLimit, 0)} a minute
          {perTurn > 0 && <span className="quiet">, {formatNumber(perTurn, 0)} a turn</span>}
        </Fact>
        {bannedUntil !== null && (
          <Fact name="Silent until">{formatMoment(bannedUntil, zone, 'second')}</Fact>
        )}
        <Fact name="Clock">{clockWords(clockOffsetMs)}</Fact>
      </dl>
    </Part>
  );
}

function clockWords(offsetMs: number | null): string {
  if (offsetMs === null) return 'not measured';
  const ms = Math.round(offsetMs);
  if (ms === 0) return 'as the server’s';
  return `${formatNumber(Math.abs(ms), 0)} ms ${ms > 0 ? 'ahead of' : 'behind'} the server’s`;
}

function DatabasePart({ status: { database }, operation }: PartProps) {
  return (
    <Part name="Database">
      <dl className="status-facts">
        <Fact name="Kind">{database.kind.toLowerCase()}</Fact>
        <Fact name="It">
          {database.reachable
            ? `answers, version ${database.version ?? 'unknown'}`
            : 'cannot be reached'}
        </Fact>
        {operation && <SpoolFacts spool={operation.spool} />}
      </dl>
    </Part>
  );
}

function failureWords(failure: EngineStatusFragment['lastFailure'], zone: Zone): string {
  if (!failure) return 'none';
  return `${formatMoment(failure.at, zone, 'second')}: ${failure.message} (${failure.code})`;
}
