// What readers of server-sent events cost beside as many sockets: one execution, one text, one write each.
import { inTurns, startPushing } from './pushing.mjs';

/** @returns the CPU time of a push for each reader, by protocol, and times one prebuilt event written to each */
export async function benchEvents(query, readers) {
  const rows = [];
  for (const [size, asked] of query) {
    const sockets = await measure(size, readers, asked, '');
    const events = await measure(size, readers, asked, 'text/event-stream');
    rows.push({
      N: size,
      readers,
      bytes: events.bytes,
      'limit µs': events.limit,
      'events µs': events.ours,
      'events / limit': events.ours / events.limit,
      'sockets µs': sockets.ours,
      'events MB': Math.round(events.memory / 2 ** 20),
      'sockets MB': Math.round(sockets.memory / 2 ** 20),
    });
  }
  return { title: 'push: server-sent events beside sockets, server CPU for each message', rows };
}

async function measure(size, readers, query, protocol) {
  const pushing = await startPushing('push-ours', size, readers, query, protocol);
  const { bytes } = await pushing.ask('take');
  const { limit, ours } = await inTurns(pushing, ['limit', 'ours']);
  const memory = await pushing.ask('memory');
  await pushing.stop();
  return { bytes, limit, ours, memory };
}
