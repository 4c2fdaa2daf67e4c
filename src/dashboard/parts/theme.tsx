import { useEffect, useState } from 'react';
import { flushSync } from 'react-dom';

/** How the page looks, by choice of whoever uses this browser. */
interface Choice<T extends string> {
  readonly key: string;
  /** The attribute of the page that styles go by; it is away for the first of the values. */
  readonly attribute: string;
  readonly label: string;
  /** Each value with its name; the first is that of who has not chosen. */
  readonly values: Readonly<Record<T, string>>;
}

const THEME: Choice<'system' | 'light' | 'dark'> = {
  key: 'dynamics.theme',
  attribute: 'data-theme',
  label: 'Theme',
  values: { system: 'as the system has it', light: 'light', dark: 'dark' },
};

const COLOURS: Choice<'blue-orange' | 'green-red'> = {
  key: 'dynamics.colours',
  attribute: 'data-colours',
  label: 'Colours of up and down',
  values: { 'blue-orange': 'blue and orange', 'green-red': 'green and red' },
};

function chosen<T extends string>({ key, values }: Choice<T>): T {
  const names = Object.keys(values) as T[];
  return names.find((name) => name === localStorage.getItem(key)) ?? (names[0] as T);
}

function apply<T extends string>(choice: Choice<T>): void {
  const value = chosen(choice);
  const root = document.documentElement;
  if (value === Object.keys(choice.values)[0]) root.removeAttribute(choice.attribute);
  else root.setAttribute(choice.attribute, value);
}

/** Puts what was chosen on the page. */
export function applyTheme(): void {
  apply(THEME);
  apply(COLOURS);
}

/** Theme and colours, to choose from. */
export function ThemeChoice() {
  return (
    <>
      <Select choice={THEME} />
      <Select choice={COLOURS} />
    </>
  );
}

function Select<T extends string>({ choice }: { readonly choice: Choice<T> }) {
  const [value, setValue] = useState(() => chosen(choice));
  return (
    <label className="choice-line">
      {choice.label}
      <select
        value={value}
        onChange={(event) => {
          const next = event.target.value as T;
          localStorage.setItem(choice.key, next);
          apply(choice);
          setValue(next);
        }}
      >
        {Object.entries<string>(choice.values).map(([name, words]) => (
          <option key={name} value={name}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Counts the changes of theme: what scripts have coloured has to be drawn anew with each, in the same frame. */
export function useThemeChanges(): number {
  const [changes, setChanges] = useState(0);
  useEffect(() => {
    const count = (): void => flushSync(() => setChanges((before) => before + 1));
    const media = window.matchMedia('(prefers-color-scheme: dark)');
    media.addEventListener('change', count);
    const observer = new MutationObserver(count);
    const attributeFilter = [THEME.attribute, COLOURS.attribute];
    observer.observe(document.documentElement, { attributeFilter });
    return () => {
      media.removeEventListener('change', count);
      observer.disconnect();
    };
  }, []);
  return changes;
}
