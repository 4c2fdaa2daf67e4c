// Clients that ask for pages of history, each several at a time, without a pause.
// `node greedy.mjs <port> <at a time> <query> <tokens, as JSON>`.
import http from 'node:http';

const [port, atOnce] = [Number(process.argv[2]), Number(process.argv[3])];
let asked = 0;
/** Each differs from those before, so that none is answered with what is kept. */
const question = () => JSON.stringify({ query: process.argv[4], extensions: { asked: asked++ } });
const tokens = JSON.parse(process.argv[5]);
let seen = { answered: 0, refused: 0, failed: 0, bytes: 0, slowest: 0 };

function ask(agent, token) {
  return new Promise((resolve) => {
    const begun = performance.now();
    const body = question();
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      authorization: `Bearer ${token}`,
    };
    const options = { port, host: '127.0.0.1', path: '/graphql', method: 'POST', agent, headers };
    const request = http.request(options, (response) => {
      response.on('data', (chunk) => (seen.bytes += chunk.length));
      response.on('end', () => {
        if (response.statusCode === 200) {
          seen.answered++;
          seen.slowest = Math.max(seen.slowest, performance.now() - begun);
        } else if ([429, 503].includes(response.statusCode)) seen.refused++;
        else seen.failed++;
        resolve();
      });
    });
    request.on('error', () => {
      seen.failed++;
      resolve();
    });
    request.end(body);
  });
}

process.on('message', () => {
  process.send(seen);
  seen = { answered: 0, refused: 0, failed: 0, bytes: 0, slowest: 0 };
});
process.on('disconnect', () => process.exit(0));
process.send('started');
for (const token of tokens) {
  const agent = new http.Agent({ keepAlive: true });
  for (let n = 0; n < atOnce; n++) {
    void (async () => {
      for (;;) await ask(agent, token);
    })();
  }
}
