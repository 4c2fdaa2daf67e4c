import { destination } from 'pino';

/** How much of the log waits at most for whoever reads it, characters. */
const LONGEST_WAITING = 1_000_000;

/** Standard error, as the log goes to it. */
export interface LogOutput {
  write(line: string): void;
  /** Calls back each time that everything is written, and lines had to be left out before. */
  onLost(listener: (lines: number) => void): void;
}

/**
 * Standard error, which is written to in the background, and at the end of the process: whoever reads
 * it slowly, or has stopped (a terminal does with Ctrl+S), holds up no turn. What waits is bounded.
 */
export function standardError(): LogOutput {
  const stream = destination({ fd: 2, sync: false, maxLength: LONGEST_WAITING });
  let lost = 0;
  stream.on('drop', () => lost++);
  return {
    write: (line) => stream.write(line),
    onLost(listener) {
      stream.on('drain', () => {
        if (lost === 0) return;
        const lines = lost;
        lost = 0;
        listener(lines);
      });
    },
  };
}
