import { useRef, type ReactNode } from 'react';
import { Menu } from './menu.js';

interface Option {
  readonly words: string;
  readonly title?: string;
  readonly isChosen: boolean;
  readonly choose: () => void;
}

interface ChoiceProps {
  readonly label: string;
  readonly isDisabled?: boolean;
  /** Why it is disabled, where it is. */
  readonly title?: string;
  readonly options: readonly Option[];
  /** The last one, which asks what. */
  readonly own: {
    readonly words: string;
    readonly isChosen: boolean;
    readonly content: (close: () => void) => ReactNode;
  };
}

/** One of a few, side by side; where there is little room they are one button that opens them. */
export function Choice({ label, isDisabled = false, title = '', options, own }: ChoiceProps) {
  const chosen = [...options, own].find(({ isChosen }) => isChosen);
  const close = useRef<() => void>(() => undefined);
  const buttons = (
    <>
      {options.map((option) => (
        <button
          key={option.words}
          type="button"
          className="small"
          disabled={isDisabled}
          aria-pressed={option.isChosen}
          title={option.title}
          onClick={() => {
            option.choose();
            close.current();
          }}
        >
          {option.words}
        </button>
      ))}
    </>
  );
  return (
    <>
      <span className="segments wide" role="group" aria-label={label} title={title}>
        {buttons}
        <Menu
          words={own.words}
          label={`${label}: ${own.words}`}
          isPressed={own.isChosen}
          isDisabled={isDisabled}
        >
          {own.content}
        </Menu>
      </span>
      <span className="narrow">
        <Menu
          words={`${chosen?.words ?? options[0]?.words ?? ''} ▾`}
          label={`${label}: ${chosen?.words ?? options[0]?.words ?? ''}`}
          isDisabled={isDisabled}
        >
          {(shut) => {
            close.current = shut;
            return (
              <div className="menu-list">
                {buttons}
                {own.content(shut)}
              </div>
            );
          }}
        </Menu>
      </span>
    </>
  );
}
