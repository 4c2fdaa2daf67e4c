import { useId, useRef, useState, type ReactNode } from 'react';

interface MenuProps {
  readonly words: string;
  /** Its name for whoever does not see where it stands. */
  readonly label: string;
  readonly isPressed?: boolean;
  readonly isDisabled?: boolean;
  readonly children: (close: () => void) => ReactNode;
}

const EDGE = 4;

/** A button that opens something below it: Escape or a click elsewhere closes it, and the focus comes back. */
export function Menu({ words, label, isPressed, isDisabled, children }: MenuProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);
  const place = (): void => {
    const [at, shown] = [button.current?.getBoundingClientRect(), panel.current];
    if (!at || !shown) return;
    const most = window.innerWidth - shown.offsetWidth - EDGE;
    shown.style.left = `${Math.max(EDGE, Math.min(at.left, most))}px`;
    shown.style.top = `${at.bottom + EDGE}px`;
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className="small"
        popoverTarget={id}
        aria-label={label}
        aria-expanded={isOpen}
        aria-pressed={isPressed}
        disabled={isDisabled}
      >
        {words}
      </button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        className="menu"
        onToggle={({ newState }) => {
          setOpen(newState === 'open');
          place();
        }}
      >
        {isOpen && children(() => panel.current?.hidePopover())}
      </div>
    </>
  );
}
