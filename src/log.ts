import { pino, destination, type Logger } from 'pino';
import type { LogLevel } from './config.js';

export type { Logger };

/** Structured log lines (JSON) on standard error; standard output is for answers. */
export function createLogger(level: LogLevel): Logger {
  return pino(
    { level, base: null, timestamp: () => `,"time":"${new Date().toISOString()}"` },
    destination({ fd: 2, sync: true }),
  );
}
