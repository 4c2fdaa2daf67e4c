import type { ReactNode } from 'react';
import { addressOf, show, useViewState } from '../use-view-state.js';
import type { View } from '../view-state.js';

interface ViewLinkProps {
  readonly to: View;
  readonly className?: string;
  readonly title?: string;
  readonly children: ReactNode;
}

/** A link to a view, which a browser can open elsewhere as well. */
export function ViewLink({ to, children, ...rest }: ViewLinkProps) {
  const { view } = useViewState();
  return (
    <a
      {...rest}
      href={addressOf({ view: to })}
      aria-current={to === view ? 'page' : undefined}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        show({ view: to });
      }}
    >
      {children}
    </a>
  );
}
