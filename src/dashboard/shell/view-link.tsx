import type { ReactNode } from 'react';
import { onPlainClick } from '../parts/plain-click.js';
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
      onClick={onPlainClick(() => show({ view: to }))}
    >
      {children}
    </a>
  );
}
