import { useId, type ReactNode } from 'react';

/** A part of the status, under its name. */
export function Part({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  const id = useId();
  return (
    <section className="status-part" aria-labelledby={id}>
      <h3 id={id}>{name}</h3>
      {children}
    </section>
  );
}

/** What is known of one thing. */
export function Fact({
  name,
  children,
}: {
  readonly name: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;

/** A size for people: "1.2 GB". */
export function sizeWords(bytes: number | null): string {
  if (bytes === null) return 'not told';
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const size = bytes / 1_000 ** power;
  return `${size.toFixed(power === 0 || size >= 100 ? 0 : 1)} ${UNITS[power]}`;
}
