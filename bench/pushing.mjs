// A server that pushes and clients that read, and what a push costs: see push-servers.mjs and readers.mjs.
import { startReaders, startServer } from './measure.mjs';

const ROUNDS = 150;
const WARM_UP = 20;

/**
 * @param extensions what the clients offer on their sockets, or text/event-stream
 * @param turns how many there are before the first push
 */
export async function startPushing(kind, size, subscribers, query, extensions, turns = 0) {
  const server = await startServer(kind, size, turns);
  const readers = await startReaders(server.port, subscribers, { query }, extensions);
  return {
    subscribers,
    ask: (type, more) => server.ask(type, more),
    /** Resolves when the clients have read all that they were sent. */
    async isRead() {
      const written = await server.ask('written');
      while ((await readers.read()) < written) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    async stop() {
      await readers.stop();
      await server.stop();
    },
  };
}

/**
 * By what is done: the CPU time of a message, microseconds. Each section of a push counts as it was in
 * the round that took least for it: the machine's other jobs add to a section, and never take away.
 */
export async function inTurns({ subscribers, ask, isRead }, ways, count = ROUNDS) {
  const least = Object.fromEntries(ways.map((how) => [how, []]));
  for (let round = 1 - WARM_UP; round <= count; round++) {
    for (const how of ways) {
      await isRead();
      const sections = await ask('round', { how });
      if (round <= 0) continue;
      least[how] = sections.map((us, at) => Math.min(us, least[how][at] ?? Infinity));
    }
  }
  const sum = (sections) => sections.reduce((all, us) => all + us, 0);
  return Object.fromEntries(ways.map((how) => [how, sum(least[how]) / subscribers]));
}
