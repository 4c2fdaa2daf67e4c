/**
 * Loaded before a server (`NODE_OPTIONS=--import=…`): its wall clock is off by the milliseconds that
 * the file CLOCK_FILE says, read again at each SIGUSR2. The monotonic clock and timers go on as they do.
 */
import { readFileSync } from 'node:fs';

const RealDate = Date;
let offset = 0;

function read() {
  try {
    offset = Number(readFileSync(process.env['CLOCK_FILE'], 'utf8')) || 0;
  } catch {
    offset = 0;
  }
}

read();
process.on('SIGUSR2', read);

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [target.now() + offset] : args, newTarget),
  apply: (target) => new target(target.now() + offset).toString(),
  get: (target, property) =>
    property === 'now' ? () => target.now() + offset : Reflect.get(target, property),
});
