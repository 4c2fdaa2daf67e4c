import { isatty } from 'node:tty';
import { multistream, pino, type Logger, type LoggerOptions } from 'pino';
import type { LogFormat, LogLevel } from './config.js';
import { standardError } from './log-output.js';

export type { Logger };

/** Where lines of the log go. */
export interface LogSink {
  write(line: string): void;
}

export interface LogOptions {
  /** Gets what is a warning or worse, whatever the level. */
  readonly warnings?: RecentWarnings;
  /** Standard error without it. */
  readonly to?: LogSink;
  /** What is shown of a line of JSON: itself without this. */
  readonly show?: (line: string) => string;
}

/**
 * The log of this process: lines for people where standard error is a terminal, JSON elsewhere, unless
 * the settings want one of the two. Standard output is for answers.
 */
export async function openLog(
  { logLevel, logFormat }: { readonly logLevel: LogLevel; readonly logFormat: LogFormat },
  options: Pick<LogOptions, 'warnings'> = {},
): Promise<Logger> {
  const isPretty = logFormat === 'auto' ? isatty(2) : logFormat === 'pretty';
  if (!isPretty) return createLogger(logLevel, options);
  const { prettyLines } = await import('./pretty-log.js');
  return createLogger(logLevel, { ...options, show: prettyLines() });
}

/** Structured log lines (JSON) on standard error, unless they are to be shown otherwise. */
export function createLogger(level: LogLevel, { warnings, to, show }: LogOptions = {}): Logger {
  const options = { base: null, timestamp: () => `,"time":"${new Date().toISOString()}"` };
  const output = to ? null : standardError();
  const sink = to ?? (output as LogSink);
  const shown = show ? { write: (line: string) => sink.write(show(line)) } : sink;
  const log = logTo(shown, options, level, warnings);
  output?.onLost((lines) => {
    log.warn({ code: 'LOG_LOST', lines }, 'lines of the log are missing: nobody read it in time');
  });
  return log;
}

function logTo(
  shown: LogSink,
  options: LoggerOptions,
  level: LogLevel,
  warnings: RecentWarnings | undefined,
): Logger {
  if (!warnings) return pino({ ...options, level }, shown);
  const streams = [
    ...(level === 'silent' ? [] : [{ level, stream: shown }]),
    { level: 'warn' as const, stream: warnings },
  ];
  // The lowest that anybody wants: each stream takes what is its own.
  const lowest = ['error', 'fatal', 'silent'].includes(level) ? 'warn' : level;
  return pino({ ...options, level: lowest }, multistream(streams));
}

export const WARNING_LEVELS = ['WARN', 'ERROR', 'FATAL'] as const;

/** A line of the log that is a warning or worse. */
export interface LoggedWarning {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly level: (typeof WARNING_LEVELS)[number];
  /** The stable word for what it is about; null where it has none. */
  readonly code: string | null;
  readonly message: string;
}

/** How many are kept. */
export const KEPT_WARNINGS = 100;
/** How much of a text is looked at, and how much of it is kept. */
const LONGEST_INPUT = 4_000;
const LONGEST_MESSAGE = 600;

/** The last lines of this process's log that are warnings or worse, as the log has them. */
export class RecentWarnings implements LogSink {
  readonly #lines: LoggedWarning[] = [];

  /** The newest first. */
  get newest(): readonly LoggedWarning[] {
    return [...this.#lines].reverse();
  }

  /** Takes a line of the log; one of a lower level counts for nothing. */
  write(line: string): void {
    const warning = readLine(line);
    if (warning === null) return;
    this.#lines.push(warning);
    if (this.#lines.length > KEPT_WARNINGS) this.#lines.shift();
  }
}

function readLine(line: string): LoggedWarning | null {
  const { level, time, msg, code, err } = JSON.parse(line) as {
    readonly level: number;
    readonly time: string | number;
    readonly msg?: string;
    readonly code?: unknown;
    readonly err?: { readonly message?: unknown };
  };
  if (level < 40) return null;
  const words = [msg, err?.message].filter((text) => typeof text === 'string');
  return {
    at: new Date(time).getTime(),
    level: level >= 60 ? 'FATAL' : level >= 50 ? 'ERROR' : 'WARN',
    code: typeof code === 'string' ? code : null,
    message: oneLine(words.join(': ')),
  };
}

/** Without what may stand before the host of an address: a name and a password. */
function oneLine(words: string): string {
  const line = words
    .slice(0, LONGEST_INPUT)
    .replace(/\s+/g, ' ')
    .replace(/(\w:\/\/)[^\s/@]*@/g, '$1…@')
    .trim();
  return line.length > LONGEST_MESSAGE ? `${line.slice(0, LONGEST_MESSAGE)}…` : line;
}
