import { useEffect, useRef, type ReactNode } from 'react';
import './bar-menu.css';

interface BarMenuProps {
  readonly label: string;
  readonly children: ReactNode;
}

/** A small menu below its word; it closes by Escape, and by whatever is done beside it. */
export function BarMenu({ label, children }: BarMenuProps) {
  const details = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const onPointer = ({ target }: PointerEvent): void => {
      if (!details.current?.contains(target as Node)) details.current?.removeAttribute('open');
    };
    document.addEventListener('pointerdown', onPointer);
    return () => document.removeEventListener('pointerdown', onPointer);
  }, []);
  return (
    <details
      ref={details}
      className="bar-menu"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !event.currentTarget.open) return;
        event.stopPropagation();
        event.currentTarget.open = false;
        event.currentTarget.querySelector('summary')?.focus();
      }}
    >
      <summary>{label}</summary>
      <div className="bar-menu-body">{children}</div>
    </details>
  );
}
