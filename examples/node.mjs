// The prices of each turn, as they come: node examples/node.mjs [address of the server]
import { createClient } from 'dynamics/client';

const url = process.argv[2] ?? 'http://localhost:4000';
const client = createClient({ url, token: process.env.DYNAMICS_TOKEN });
// Whatever breaks, no turn is missed and none comes twice; { after: 41 } goes on where one was.
for await (const { turn, observedAt, assets } of client.cycles()) {
  const prices = assets.map(({ symbol, price }) => `${symbol} ${price ?? '-'}`);
  console.log(turn, observedAt, prices.join('  '));
}
