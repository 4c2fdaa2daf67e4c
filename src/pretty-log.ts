import { prettyFactory } from 'pino-pretty';

/** What a terminal would obey, as JSON has it: escapes, backspaces, returns. Line feeds stay, for stacks. */
const CONTROL = /(?<!\\)((?:\\\\)*)\\(u00[01][0-9a-f]|[bfr])/gi;
/** The same where JSON has it as it is, and what turns the direction of a text round. */
const RAW_CONTROL = /[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Makes lines of the log readable for people, one each. Words of others that would drive a terminal
 * or look like lines of their own stand there as text.
 */
export function prettyLines(): (line: string) => string {
  const show = prettyFactory({
    singleLine: true,
    translateTime: 'SYS:HH:MM:ss',
    messageFormat: (log, key) => textOf(log[key]).replace(/\s*\n\s*/g, ' '),
  });
  return (line) => show(line.replace(CONTROL, '$1\\\\$2').replace(RAW_CONTROL, '\ufffd'));
}

function textOf(message: unknown): string {
  return typeof message === 'string' ? message : '';
}
