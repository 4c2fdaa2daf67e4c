import { useState } from 'react';
import { claimsOf, token } from '../api/token.js';
import { formatMoment, setZone, useZone } from '../format/moments.js';
import { ThemeChoice } from '../parts/theme.js';
import { TokenEntry } from '../parts/token-form.js';
import { SavedViews } from './saved-views.js';
import { setShortcutsOn, useAreShortcutsOn } from './shortcuts.js';
import './settings.css';

export const SETTINGS_ID = 'settings';

/** What one chooses for this browser. */
export function Settings() {
  return (
    <div
      id={SETTINGS_ID}
      popover="auto"
      className="popover settings-sheet"
      role="dialog"
      aria-label="Settings"
    >
      <section aria-labelledby="settings-look">
        <h2 id="settings-look">This browser</h2>
        <ThemeChoice />
        <ZoneChoice />
        <KeysChoice />
      </section>
      <SavedViews />
      <Access />
    </div>
  );
}

function ZoneChoice() {
  const zone = useZone();
  return (
    <label className="choice-line">
      Times
      <select
        value={zone}
        onChange={(event) => setZone(event.target.value === 'utc' ? 'utc' : 'local')}
      >
        <option value="local">of this place</option>
        <option value="utc">UTC</option>
      </select>
    </label>
  );
}

function KeysChoice() {
  const isOn = useAreShortcutsOn();
  return (
    <label className="choice-line">
      Single keys as shortcuts
      <input
        type="checkbox"
        checked={isOn}
        onChange={(event) => setShortcutsOn(event.target.checked)}
      />
    </label>
  );
}

/** The access token in use. */
function Access() {
  const [isOpen, setOpen] = useState(false);
  const zone = useZone();
  const value = token.get();
  const claims = value === null ? null : claimsOf(value);
  return (
    <section aria-labelledby="settings-access">
      <h2 id="settings-access">Access</h2>
      {value === null ? (
        <p>No token is in use.</p>
      ) : (
        <p>
          A token is in use
          {claims?.role && (
            <>
              {' '}
              with the role <strong>{claims.role}</strong>
            </>
          )}
          {claims?.expiresAt && <>, until {formatMoment(claims.expiresAt, zone, 'minute')}</>}
          {token.isRemembered() ? ', remembered in this browser.' : ', in this tab alone.'}
        </p>
      )}
      <p className="settings-buttons">
        {value !== null && (
          <button type="button" onClick={() => token.set(null)}>
            Forget it
          </button>
        )}
        <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {value === null ? 'Use a token' : 'Use another token'}
        </button>
      </p>
      {isOpen && <TokenEntry />}
    </section>
  );
}
