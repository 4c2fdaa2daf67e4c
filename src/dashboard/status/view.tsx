import type { ReactNode } from 'react';
import { useLive } from '../api/use-live.js';
import type { EngineStatusFragment } from '../../generated/operations.js';

const EXCHANGES = { BINANCE: 'Binance', SIMULATED: 'simulated', REPLAY: 'replay' };

/** How the engine stands. */
export function StatusView() {
  const { status, gaps } = useLive();
  if (!status) return null;
  const { exchange, database } = status;
  return (
    <section aria-labelledby="status-title">
      <h2 id="status-title">Status</h2>
      {status.warnings.map((warning) => (
        <p key={warning} className="note warning">
          {warning}
        </p>
      ))}
      {gaps.map(([after, from]) => (
        <p key={after} className="note warning">
          While this page was away, the turns between {after} and {from} were removed from the
          history.
        </p>
      ))}
      <dl className="facts">
        <Fact name="Exchange">{EXCHANGES[exchange.kind]}</Fact>
        <Fact name="Request weight">
          {exchange.usedWeight ?? 'not known'} of {exchange.weightLimit.toLocaleString('en')} a
          minute
        </Fact>
        {exchange.bannedUntil && (
          <Fact name="Told to be silent until">{time(exchange.bannedUntil)}</Fact>
        )}
        <Fact name="Clock">
          {exchange.clockOffsetMs === null
            ? 'not measured'
            : `${Math.round(exchange.clockOffsetMs)} ms ahead of the server's`}
        </Fact>
        <Fact name="Database">
          {database.kind.toLowerCase()},{' '}
          {database.reachable ? `version ${database.version ?? 'unknown'}` : 'not reachable'}
        </Fact>
        <Fact name="Stored turns">
          {status.oldestTurn === null ? 'none' : `${status.oldestTurn} to ${status.latestTurn}`}
        </Fact>
        <Fact name="A cycle every">{status.cycleIntervalMs / 1_000} s</Fact>
        <Fact name="Last cycle">{status.latestCycleAt ? time(status.latestCycleAt) : 'none'}</Fact>
        <Failure name="Last skipped turn" failure={status.lastSkipped} />
        <Failure name="Last failed turn" failure={status.lastFailure} />
        <Fact name="Version">{status.version}</Fact>
      </dl>
      <p>
        The same, and everything else, can be asked for in <a href="/graphql">GraphiQL</a>.
      </p>
    </section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Failure({
  name,
  failure,
}: {
  readonly name: string;
  readonly failure: EngineStatusFragment['lastFailure'];
}) {
  return (
    <Fact name={name}>
      {failure ? `${time(failure.at)}: ${failure.message} (${failure.code})` : 'none'}
    </Fact>
  );
}

function time(moment: string): string {
  return new Date(moment).toLocaleString();
}
