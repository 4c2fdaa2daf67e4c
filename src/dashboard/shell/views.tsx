import type { ComponentType } from 'react';
import { MatrixView } from '../matrix/view.js';
import type { View } from '../view-state.js';
import { lazyView } from './lazy-view.js';

interface ViewRow {
  /** Its name, for people. */
  readonly words: string;
  /** Whether there is nothing to view before the first cycle. */
  readonly needsCycle: boolean;
  readonly View: ComponentType;
  /** Loads its file, where it has one, before it is opened. */
  readonly early?: () => void;
}

/** Every view of the page. The matrices come with the page, all others when they are first opened. */
export const VIEW_ROWS: Readonly<Record<View, ViewRow>> = {
  matrix: { words: 'Matrices', needsCycle: true, View: MatrixView },
  pair: {
    words: 'Pair',
    needsCycle: true,
    ...lazyView(() => import('../pair/view.js'), 'PairView'),
  },
  wallet: {
    words: 'Wallet',
    needsCycle: true,
    ...lazyView(() => import('../wallet/view.js'), 'WalletView'),
  },
  strategy: {
    words: 'Strategy',
    needsCycle: true,
    ...lazyView(() => import('../strategy/view.js'), 'StrategyView'),
  },
  consistency: {
    words: 'Consistency',
    needsCycle: true,
    ...lazyView(() => import('../consistency/view.js'), 'ConsistencyView'),
  },
  alerts: {
    words: 'Alerts',
    needsCycle: false,
    ...lazyView(() => import('../alerts/view.js'), 'AlertsView'),
  },
  status: {
    words: 'Status',
    needsCycle: false,
    ...lazyView(() => import('../status/view.js'), 'StatusView'),
  },
  help: {
    words: 'Help',
    needsCycle: false,
    ...lazyView(() => import('../help/view.js'), 'HelpView'),
  },
};
