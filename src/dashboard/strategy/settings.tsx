import { useEffect, useState } from 'react';
import {
  FirstTurnsAfterDocument,
  StrategyConfigDocument,
  type StrategySettingsFragment,
} from '../../generated/operations.js';
import { token } from '../api/token.js';
import { useAsked } from '../api/use-asked.js';
import { useLive } from '../api/use-live.js';
import { useRole } from '../api/use-role.js';
import { formatMoment, formatMomentNear, useZone, type Zone } from '../format/moments.js';
import { ErrorNote, Waiting } from '../parts/notes.js';
import { TokenEntry } from '../parts/token-form.js';
import { SettingsForm } from './form.js';
import { MODES, TIERS } from './settings-words.js';
import { formatRatio } from './waits.js';

/** What was saved from here, and the newest turn's moment then. */
interface Saved {
  readonly settings: StrategySettingsFragment;
  readonly after: string | null;
}

/**
 * The strategy's settings as the next turn will run under them: to change for whoever may, else to read.
 * @param running the version that the newest cycle ran under, null before that is known
 */
export function Settings({ running }: { readonly running: number | null }) {
  const { data, isWaiting, error, again } = useAsked(StrategyConfigDocument, {});
  const role = useRole();
  const { latest } = useLive();
  const zone = useZone();
  const [saved, setSaved] = useState<Saved | null>(null);
  const read = data?.strategyConfig;
  const settings = saved && read && saved.settings.version > read.version ? saved.settings : read;
  const isBehind = running !== null && settings !== undefined && running > settings.version;
  useEffect(() => {
    // Somebody else has changed them.
    if (isBehind) again();
  }, [isBehind, again]);
  const savedWords = useSavedWords(saved, running, zone);
  if (error) return <ErrorNote error={error} again={again} />;
  if (!settings || role === null) return <Waiting is={isWaiting} label="Loading the settings" />;
  if (role === 'VIEWER') return <SettingsTable settings={settings} zone={zone} />;
  return (
    <SettingsForm
      settings={settings}
      savedWords={saved?.settings.version === settings.version ? savedWords : null}
      onSaved={(next) => setSaved({ settings: next, after: latest?.observedAt ?? null })}
    />
  );
}

/** From which turn on saved settings hold, once that is known. */
function useSavedWords(saved: Saved | null, running: number | null, zone: Zone): string {
  const version = saved?.settings.version ?? Infinity;
  const after = saved?.after ?? null;
  const isRunning = running !== null && running >= version;
  const { data } = useAsked(
    FirstTurnsAfterDocument,
    { from: after ?? '' },
    !isRunning || after === null,
  );
  const first = data?.cycles.nodes?.findLast((node) => (node?.config.version ?? 0) >= version);
  if (!first) return 'Saved: in force from the next turn on.';
  const { turn, observedAt } = first;
  const moment = formatMomentNear(observedAt, after ?? observedAt, zone);
  return `Saved: in force from turn ${turn} on, ${moment}.`;
}

interface SettingsTableProps {
  readonly settings: StrategySettingsFragment;
  readonly zone: Zone;
}

/** The settings for those who may not change them. */
function SettingsTable({ settings, zone }: SettingsTableProps) {
  const [wantsToken, setWantsToken] = useState(false);
  const { mode, tier, quantBase, expectedImprint, expectedLuggage, version, updatedAt } = settings;
  const rows = [
    ['Lead', `${mode.toLowerCase()} (${MODES[mode]})`],
    ['Smoothing', `${tier.toLowerCase()} (${TIERS[tier]})`],
    ['Quant base', quantBase],
    ['Expected imprint', formatRatio(expectedImprint)],
    ['Expected luggage', formatRatio(expectedLuggage)],
    ['Since', formatMoment(updatedAt, zone)],
  ] as const;
  const words =
    token.get() === null
      ? 'This server is open for reading alone: they are changed with the token of an operator.'
      : "The token of this page is a viewer's: they are changed with that of an operator.";
  return (
    <section className="settings" aria-labelledby="settings-title">
      <h3 id="settings-title">
        Settings <span className="quiet">version {version}</span>
      </h3>
      <dl className="settings-values">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className="quiet">{words}</p>
      {wantsToken ? (
        <TokenEntry />
      ) : (
        <button type="button" onClick={() => setWantsToken(true)}>
          Use another token
        </button>
      )}
    </section>
  );
}
