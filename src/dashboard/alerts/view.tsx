import { useMemo, useState } from 'react';
import { StrategyConfigDocument } from '../../generated/operations.js';
import { useAsked } from '../api/use-asked.js';
import { useLive } from '../api/use-live.js';
import { useRole } from '../api/use-role.js';
import { ErrorNote, Waiting } from '../parts/notes.js';
import { show, useViewState } from '../use-view-state.js';
import './alerts.css';
import { draftOf, newDraft } from './draft.js';
import { FiringList } from './firing-list.js';
import { focusTitle, TITLE_ID } from './focus-title.js';
import { RuleForm } from './form.js';
import { madeOver, toMakeAlert, type KnownAssets } from './make.js';
import { NotifyChoice } from './notify-choice.js';
import { RuleFiles } from './rule-files.js';
import { RuleList } from './rule-list.js';
import { useRules, type Rule } from './use-rules.js';

/** Rules, what they have fired, and how one is made. */
export function AlertsView() {
  const { data: rules, isWaiting, error, again } = useRules();
  const role = useRole();
  const mayChange = role === 'OPERATOR';
  const refusal =
    role === 'VIEWER'
      ? 'You look with a viewer’s rights: a rule can be tried here, and saved with an operator’s token only.'
      : null;
  const { make, alert } = useViewState();
  const isGone = rules !== null && !rules.some(({ id }) => id === alert);
  const isMaking = make !== null || (alert !== null && !isGone);
  return (
    <section className="alerts" aria-labelledby={TITLE_ID}>
      <div className="alerts-bar">
        <h2 id={TITLE_ID} tabIndex={-1}>
          Alerts
        </h2>
        {!isMaking && (
          <button type="button" onClick={() => show(toMakeAlert({ kind: 'CELL' }))}>
            New alert
          </button>
        )}
        <NotifyChoice />
        <RuleFiles rules={rules} mayChange={mayChange} onChange={again} />
      </div>
      {error && <ErrorNote error={error} again={again} />}
      <Waiting is={isWaiting && rules === null} label="Loading the alerts" />
      <div className={isMaking ? 'alerts-columns making' : 'alerts-columns'}>
        <div>
          {refusal !== null && !isMaking && <p className="note refusal">{refusal}</p>}
          {rules && <Making rules={rules} {...{ mayChange, refusal }} onChange={again} />}
          {rules?.length === 0 && !isMaking && <NoRules />}
          {rules && rules.length > 0 && (
            <RuleList rules={rules} mayChange={mayChange} onChange={again} />
          )}
        </div>
        <section aria-labelledby="firings-title">
          <h3 id="firings-title">Fired</h3>
          <FiringList />
        </section>
      </div>
    </section>
  );
}

function NoRules() {
  return (
    <div className="note">
      <p>
        There is no rule yet. A rule watches one number, and tells when it is above or below a
        level, crosses it, or moves by so many percent: here, in the browser, and through a webhook,
        Telegram, Discord or Slack.
      </p>
      <p>
        <button type="button" onClick={() => show(toMakeAlert({ kind: 'CELL' }))}>
          Make the first one
        </button>
      </p>
    </div>
  );
}

interface MakingProps {
  readonly rules: readonly Rule[];
  readonly mayChange: boolean;
  readonly refusal: string | null;
  readonly onChange: () => void;
}

/** The form, where the address says that a rule is made or changed. */
function Making({ rules, mayChange, refusal, onChange }: MakingProps) {
  const state = useViewState();
  const known = useKnownAssets();
  const [said, setSaid] = useState<string | null>(null);
  const rule = rules.find(({ id }) => id === state.alert) ?? null;
  const line = known && madeOver(state, known);
  const end = (): void => {
    show({ make: null, alert: null, asset: null, figure: null, window: null });
    focusTitle();
  };
  const saved = (by: Rule): void => {
    setSaid(`Saved: “${by.name}” is watched from the next turn on.`);
    onChange();
    end();
  };
  const common = { mayChange, refusal, onSaved: saved, onCancel: end };
  return (
    <>
      <p role="status" className="said">
        {said}
      </p>
      {state.alert !== null && !rule && (
        <p className="note">
          The rule that this address names is not there: it may have been deleted.
        </p>
      )}
      {!known && state.make !== null && (
        <p className="note">A rule can be made once the first cycle is stored.</p>
      )}
      {known && rule && (
        <RuleForm key={rule.id} rule={rule} initial={draftOf(rule)} known={known} {...common} />
      )}
      {known && line && !rule && (
        <RuleForm
          key={JSON.stringify(line)}
          rule={null}
          initial={newDraft(line)}
          known={known}
          {...common}
        />
      )}
    </>
  );
}

/** The assets that there are; null before they are known. */
function useKnownAssets(): KnownAssets | null {
  const { latest } = useLive();
  const { data } = useAsked(StrategyConfigDocument, {});
  const names = latest?.symbols.join() ?? '';
  const quantBase = data?.strategyConfig.quantBase ?? null;
  return useMemo(
    () => (names === '' || quantBase === null ? null : { symbols: names.split(','), quantBase }),
    [names, quantBase],
  );
}
