import { useId, type ReactNode } from 'react';

interface FieldProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly set: (value: T) => void;
  /** What is wrong with it, in words. */
  readonly fault?: string | undefined;
}

interface PickProps<T extends string> extends FieldProps<T> {
  /** Each value and its words. */
  readonly options: readonly (readonly [T, string])[];
}

/** One of several. */
export function Pick<T extends string>({ label, value, set, fault, options }: PickProps<T>) {
  const id = useId();
  const isKnown = options.some(([name]) => name === value);
  return (
    <Labelled id={id} label={label} fault={fault}>
      <select
        id={id}
        value={value}
        aria-invalid={fault !== undefined}
        aria-describedby={fault && `${id}-fault`}
        onChange={(event) => set(event.target.value as T)}
      >
        {!isKnown && <option>{value}</option>}
        {options.map(([name, words]) => (
          <option key={name} value={name}>
            {words}
          </option>
        ))}
      </select>
    </Labelled>
  );
}

interface EntryProps extends FieldProps<string> {
  readonly unit?: string;
  readonly size?: number;
  readonly isNumber?: boolean;
  /** What is typed is not to be read over a shoulder, and no browser keeps it. */
  readonly isSecret?: boolean;
  readonly placeholder?: string;
  readonly onFocusChange?: (hasFocus: boolean) => void;
}

/** Something that is typed. */
export function Entry({
  label,
  value,
  set,
  fault,
  unit,
  size = 10,
  isNumber = false,
  isSecret = false,
  placeholder,
  onFocusChange,
}: EntryProps) {
  const id = useId();
  return (
    <Labelled id={id} label={label} fault={fault}>
      <input
        id={id}
        size={size}
        type={isSecret ? 'password' : 'text'}
        autoComplete={isSecret ? 'new-password' : 'off'}
        spellCheck={false}
        inputMode={isNumber ? 'decimal' : undefined}
        onFocus={() => onFocusChange?.(true)}
        onBlur={() => onFocusChange?.(false)}
        className={isNumber ? 'number' : undefined}
        value={value}
        placeholder={placeholder}
        aria-invalid={fault !== undefined}
        aria-describedby={fault && `${id}-fault`}
        onChange={(event) => set(event.target.value)}
      />
      {unit && <span className="field-unit">{unit}</span>}
    </Labelled>
  );
}

function Labelled({
  id,
  label,
  fault,
  children,
}: {
  readonly id: string;
  readonly label: string;
  readonly fault: string | undefined;
  readonly children: ReactNode;
}) {
  return (
    <span className="alert-field">
      <label htmlFor={id}>{label}</label>
      <span className="field-value">{children}</span>
      {fault !== undefined && (
        <span id={`${id}-fault`} className="fault" role="alert">
          {fault}
        </span>
      )}
    </span>
  );
}

/** All of a table of words, to choose from. */
export function optionsOf<T extends string>(
  words: Readonly<Record<T, string>>,
): readonly (readonly [T, string])[] {
  return Object.entries(words) as [T, string][];
}

/** Names, to choose from. */
export function namesOf(names: readonly string[]): readonly (readonly [string, string])[] {
  return names.map((name) => [name, name]);
}
