import { useId, type ReactNode } from 'react';

interface FieldProps {
  readonly label: string;
  readonly value: string;
  /** What the server says is wrong with it. */
  readonly fault: string | undefined;
  readonly set: (value: string) => void;
}

/** One of several, beside its name. */
export function Choice({
  label,
  value,
  fault,
  set,
  children,
}: FieldProps & { readonly children: ReactNode }) {
  const id = useId();
  return (
    <p className="field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        value={value}
        aria-invalid={fault !== undefined}
        aria-describedby={fault && `${id}-fault`}
        onChange={(event) => set(event.target.value)}
      >
        {children}
      </select>
      <Fault id={`${id}-fault`} words={fault} />
    </p>
  );
}

/** A number, as it is typed. */
export function Entry({ label, value, fault, set }: FieldProps) {
  const id = useId();
  return (
    <p className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        inputMode="decimal"
        value={value}
        aria-invalid={fault !== undefined}
        aria-describedby={fault && `${id}-fault`}
        onChange={(event) => set(event.target.value)}
      />
      <Fault id={`${id}-fault`} words={fault} />
    </p>
  );
}

function Fault({ id, words }: { readonly id: string; readonly words: string | undefined }) {
  return words === undefined ? null : (
    <span id={id} className="fault" role="alert">
      {words}
    </span>
  );
}
