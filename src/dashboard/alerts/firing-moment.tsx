import type { LineInput } from '../../generated/operations.js';
import { formatMoment, useZone } from '../format/moments.js';
import { onPlainClick } from '../parts/plain-click.js';
import { addressOf, show } from '../use-view-state.js';
import type { ViewState } from '../view-state.js';
import type { Firing } from './firings.js';

/** When a rule fired, as a link to what is known of that turn. */
export function FiringMoment({ firing }: { readonly firing: Firing }) {
  const zone = useZone();
  const { turn, observedAt, alert } = firing;
  const place = { ...placeOf(alert?.line ?? null), turn };
  return (
    <a className="moment" href={addressOf(place)} onClick={onPlainClick(() => show(place))}>
      <time dateTime={observedAt}>{formatMoment(observedAt, zone, 'second')}</time>{' '}
      <small>turn {turn}</small>
    </a>
  );
}

/** Where the number of a line is shown. */
function placeOf(line: LineInput | null): Partial<ViewState> {
  switch (line?.kind) {
    case 'CELL':
      return { view: 'pair', base: line.base ?? null, quote: line.quote ?? null };
    case 'WALLET':
    case 'BALANCE':
      return { view: 'wallet' };
    case 'STRATEGY':
      return { view: 'strategy' };
    case 'CONSISTENCY':
      return { view: 'consistency' };
    case 'ASSET':
    case 'WINDOW':
    case undefined:
      return { view: 'matrix' };
  }
}
