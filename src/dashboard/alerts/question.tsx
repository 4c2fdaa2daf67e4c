import { useEffect, useId, useRef } from 'react';

interface QuestionProps {
  readonly words: string;
  readonly yes: string;
  readonly no: string;
  readonly isBusy: boolean;
  readonly onYes: () => void;
  readonly onNo: () => void;
}

/** Asks in place before something is done that cannot be undone; the focus goes back where it came from. */
export function Question({ words, yes, no, isBusy, onYes, onNo }: QuestionProps) {
  const id = useId();
  const safe = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    safe.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <div
      className="question"
      role="alertdialog"
      aria-labelledby={id}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onNo();
      }}
    >
      <p id={id}>{words}</p>
      <button type="button" ref={safe} onClick={onNo}>
        {no}
      </button>{' '}
      <button type="button" className="danger" disabled={isBusy} onClick={onYes}>
        {yes}
      </button>
    </div>
  );
}
