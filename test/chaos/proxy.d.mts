import type { NetConnectOpts } from 'node:net';

export type ProxyMode = 'pass' | 'cut' | 'hang' | 'delay' | 'trickle';

export interface Proxy {
  readonly port: number;
  mode: ProxyMode;
  delayMs: number;
  readonly set: (mode: ProxyMode) => void;
  readonly stop: () => Promise<void>;
}

export function startProxy(target: NetConnectOpts): Promise<Proxy>;
