import type { OperatorStatusQuery, WarningLevel } from '../../generated/operations.js';
import { formatNumber } from '../format/numbers.js';
import { formatMoment, formatSpan, useZone } from '../format/moments.js';
import { useNow } from '../shell/use-now.js';
import { Fact, Part, sizeWords } from './facts.js';

type Operation = OperatorStatusQuery['status'];

const whole = (value: number): string => formatNumber(value, 0);

/** Who runs the turns, and who waits for it. */
export function InstancesPart({ instances }: Pick<Operation, 'instances'>) {
  const zone = useZone();
  const now = useNow(1_000);
  return (
    <Part name="Instances">
      {instances === null ? (
        <ForOperators />
      ) : (
        <dl className="status-facts">
          <Fact name="This one">{instances.name}</Fact>
          <Fact name="It">
            {instances.leads ? 'has the lease, and runs the turns' : 'follows, and runs no turns'}
          </Fact>
          {!instances.leads && <Fact name="The leader">{instances.leader ?? 'nobody known'}</Fact>}
          {instances.leaderSince !== null && (
            <Fact name="Lease since">
              {formatMoment(instances.leaderSince, zone, 'second')}
              <span className="quiet">
                , for {formatSpan(Math.max(0, now - Date.parse(instances.leaderSince)))}
              </span>
            </Fact>
          )}
          <Fact name="Others">
            {instances.hasOthers ? 'there are, ready to take over' : 'none: nobody takes over'}
          </Fact>
        </dl>
      )}
    </Part>
  );
}

/** How turns went since the start, and why some did not. */
export function TurnCounts({ turns }: Pick<Operation, 'turns'>) {
  const zone = useZone();
  const { completed, failed, skipped, late, lastLate, counts } = turns;
  const reasons = counts.filter(({ code, count }) => code !== null && count > 0);
  return (
    <>
      <Fact name="Since the start">
        {whole(completed)} completed, {whole(skipped)} skipped, {whole(failed)} failed,{' '}
        {whole(late)} late
      </Fact>
      {reasons.length > 0 && (
        <Fact name="For">
          {reasons.map(({ code, outcome, count }) => (
            <div key={`${outcome}${code}`}>
              {whole(count)} × {code} <span className="quiet">{outcome.toLowerCase()}</span>
            </div>
          ))}
        </Fact>
      )}
      {lastLate && (
        <Fact name="Last late">
          {formatMoment(lastLate.at, zone, 'second')}: {lastLate.message}
        </Fact>
      )}
    </>
  );
}

/** What waits on disk for the database. */
export function SpoolFacts({ spool }: Pick<Operation, 'spool'>) {
  const { cycles, oldestTurn, newestTurn, rejected } = spool;
  return (
    <>
      <Fact name="Waits on disk">
        {cycles === 0 ? 'nothing' : `${whole(cycles)} cycles, turns ${oldestTurn} to ${newestTurn}`}
      </Fact>
      {rejected > 0 && (
        <Fact name="Not taken">{whole(rejected)} cycles, kept in DATA_DIR/rejected</Fact>
      )}
    </>
  );
}

/** What callers ask of this instance. */
export function LoadPart({ load }: Pick<Operation, 'load'>) {
  const { sockets, eventStreams, subscribers, heavyUnderWay, heavyWaiting } = load;
  const { pushedMessages, pushedBytes, slowConsumers } = load;
  return (
    <Part name="Callers">
      <dl className="status-facts">
        <Fact name="Open">
          {whole(sockets)} sockets, {whole(eventStreams)} event streams
        </Fact>
        <Fact name="Subscriptions">{whole(subscribers)} to cycles</Fact>
        <Fact name="Pushed">
          {whole(pushedMessages)} messages, {sizeWords(pushedBytes)}
        </Fact>
        <Fact name="Heavy reading">
          {whole(heavyUnderWay)} under way, {whole(heavyWaiting)} waiting
        </Fact>
        <Fact name="Too slow">{whole(slowConsumers)} connections were closed</Fact>
      </dl>
    </Part>
  );
}

const LEVELS: Readonly<Record<WarningLevel, string>> = {
  WARN: 'warning',
  ERROR: 'error',
  FATAL: 'fatal',
};

/** The last lines of the log that are warnings or worse. */
export function LogPart({ recentWarnings }: Pick<Operation, 'recentWarnings'>) {
  const zone = useZone();
  return (
    <Part name="Log">
      {recentWarnings === null && <ForOperators />}
      {recentWarnings?.length === 0 && <p className="quiet">No warning since the start.</p>}
      {recentWarnings !== null && recentWarnings.length > 0 && (
        <div className="scroller log" tabIndex={0} role="region" aria-label="Warnings of the log">
          <table>
            <thead>
              <tr>
                <th scope="col">At</th>
                <th scope="col">Level</th>
                <th scope="col">What</th>
              </tr>
            </thead>
            <tbody>
              {recentWarnings.map(({ at, level, code, message }, index) => (
                <tr key={recentWarnings.length - index} className={level.toLowerCase()}>
                  <td>{formatMoment(at, zone, 'second')}</td>
                  <td>{LEVELS[level]}</td>
                  <td>
                    {message} {code !== null && <span className="quiet">{code}</span>}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Part>
  );
}

function ForOperators() {
  return <p className="quiet">For operators only: this token is a viewer’s.</p>;
}
