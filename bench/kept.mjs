// Server CPU for an answer that is kept, and for a 304, as multiples of a bare server that does nothing
// else than write one prebuilt answer.
import { startServer } from './measure.mjs';
import { clientOf, load } from './query.mjs';

const ROUNDS = 15;

/** @param {{ quick: boolean }} options */
export async function benchKept({ quick }) {
  const rows = [];
  for (const size of quick ? [9, 50] : [9, 50, 100, 300]) {
    const requests = size <= 100 ? 1_000 : 300;
    const servers = [await startServer('kept-bare', size), await startServer('query-ours', size)];
    const figures = {};
    const measured = [];
    for (const server of servers) {
      const first = await clientOf(server, 'ID_DELTA')();
      const { etag = '"any"' } = first.headers;
      for (const [what, headers] of [
        ['200', {}],
        ['304', { 'if-none-match': etag }],
      ]) {
        const client = clientOf(server, 'ID_DELTA', { headers });
        const { statusCode } = await client();
        if (String(statusCode) !== what) throw new Error(`HTTP ${statusCode}, not ${what}`);
        await load(client, 4 * requests);
        measured.push({ name: `${server.kind} ${what}`, server, client });
        figures[`${server.kind} ${what}`] = [];
      }
    }
    for (let round = 0; round < ROUNDS; round++) {
      for (const { name, server, client } of measured) {
        const before = await server.ask('cpu');
        await load(client, requests);
        const after = await server.ask('cpu');
        figures[name].push((after.cpuUs - before.cpuUs) / requests);
      }
    }
    // Whatever else the machine does only adds to it.
    const cpu = (name) => Math.min(...figures[name]);
    rows.push({
      N: size,
      'bare µs': cpu('kept-bare 200'),
      'kept / bare': cpu('query-ours 200') / cpu('kept-bare 200'),
      'bare 304 µs': cpu('kept-bare 304'),
      '304 / bare': cpu('query-ours 304') / cpu('kept-bare 304'),
    });
    for (const { stop } of servers) await stop();
  }
  return [{ title: 'kept: server CPU for each answer that is kept', rows }];
}
