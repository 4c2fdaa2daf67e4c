import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { pino } from 'pino';
import { inject } from 'vitest';
import type { Logger } from '../../src/log.js';

/** Writes down what some part of the suite logged, for the check at the end of it. */
export function keepLog(text: string): void {
  appendFileSync(path.join(inject('logFolder'), `${process.pid}.log`), text);
}

/** A logger that shows nothing on the screen and keeps every level. */
export function keptLogger(onLine?: (line: string) => void): Logger {
  const write = (line: string): void => {
    keepLog(line);
    onLine?.(line);
  };
  return pino({ level: 'trace' }, { write });
}
