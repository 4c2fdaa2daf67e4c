import { useEffect, useState } from 'react';

const KEY = 'dynamics.theme';
const THEMES = ['system', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];

/** As it was chosen on this machine; the system's where it was not. */
function chosenTheme(): Theme {
  return THEMES.find((theme) => theme === localStorage.getItem(KEY)) ?? 'system';
}

/** Puts the chosen theme on the page. */
export function applyTheme(theme: Theme = chosenTheme()): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

export function ThemeChoice() {
  const [theme, setTheme] = useState(chosenTheme);
  return (
    <label className="theme">
      <span className="hidden">Theme</span>
      <select
        value={theme}
        onChange={(event) => {
          const next = event.target.value as Theme;
          localStorage.setItem(KEY, next);
          applyTheme(next);
          setTheme(next);
        }}
      >
        {THEMES.map((each) => (
          <option key={each} value={each}>
            {each} theme
          </option>
        ))}
      </select>
    </label>
  );
}

/** Counts the changes of theme: what is drawn on a canvas has to be drawn anew with each. */
export function useThemeChanges(): number {
  const [changes, setChanges] = useState(0);
  useEffect(() => {
    const count = (): void => setChanges((before) => before + 1);
    const media = window.matchMedia('(prefers-color-scheme: dark)');
    media.addEventListener('change', count);
    const observer = new MutationObserver(count);
    observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      media.removeEventListener('change', count);
      observer.disconnect();
    };
  }, []);
  return changes;
}
