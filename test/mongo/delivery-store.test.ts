import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { MongoClient } from 'mongodb';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/open-database.js';
import { firing } from '../support/alert-channels.js';
import { useDatabase } from '../support/database.js';
import { keptLogger } from '../support/logs.js';

const databases = useDatabase();

/** A way to the database that breaks off, without a word, at the first command that has something in it. */
async function breakingAt(words: string, uri: string) {
  const path = decodeURIComponent(new URL(uri).hostname);
  const sockets = new Set<Socket>();
  const place = { uri: '', breaks: 0 };
  const server: Server = createServer((client) => {
    const there = connect(path);
    for (const socket of [client, there]) {
      sockets.add(socket);
      socket
        .on('error', () => undefined)
        .on('close', () => [client, there].map((s) => s.destroy()));
    }
    there.pipe(client);
    client.on('data', (data: Buffer) => {
      if (place.breaks > 0 || !data.includes(words)) return void there.write(data);
      place.breaks++;
      client.destroy();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port: own } = server.address() as AddressInfo;
  place.uri = `mongodb://127.0.0.1:${own}/?directConnection=true`;
  return place;
}

it('messages that a connection takes along as it breaks are added once there is another', async () => {
  const name = 'test_deliveries_cut';
  const { engine, dataDir } = databases;
  await databases.open(name);
  const way = await breakingAt('insert\0\x11\0\0\0alert_deliveries', engine.uri);
  const database = await openDatabase({ uri: way.uri, name, dataDir }, keptLogger());
  onTestFinished(() => database.close());
  const { deliveries } = database.outbox;
  const messages = [firing(1), firing(2)];
  await deliveries.add([{ channel: 'a', messages }], 0);
  expect(way.breaks).toBe(1);
  expect((await deliveries.next('a', 10)).map(({ message }) => message)).toEqual(messages);
  // Those that are there stay as they are, and others come after them.
  await deliveries.add([{ channel: 'a', messages: [...messages, firing(3)] }], 1);
  const found = await deliveries.next('a', 10);
  expect(found.map(({ message }) => message)).toEqual([...messages, firing(3)]);
  expect(found.map(({ addedAt }) => addedAt)).toEqual([0, 0, 1]);
});

it('what another has added, or stored, just before is confirmed to be durable', async () => {
  const name = 'test_added_twice';
  const { outbox, alerts } = await databases.open(name);
  const client = await MongoClient.connect(databases.engine.uri);
  onTestFinished(() => client.close());
  const config = client.db(name).collection<{ _id: string }>('config');
  const isConfirmed = async (write: () => Promise<unknown>) => {
    await config.deleteOne({ _id: 'confirmed' });
    await write();
    return (await config.findOne({ _id: 'confirmed' })) !== null;
  };
  const add = () => outbox.deliveries.add([{ channel: 'a', messages: [firing(1)] }], 0);
  expect([await isConfirmed(add), await isConfirmed(add)]).toEqual([false, true]);
  const one = { rule: 'a', version: 1, turn: 1, observedAt: 0, value: 1 };
  const store = () => alerts.firings.add([one]);
  expect([await isConfirmed(store), await isConfirmed(store)]).toEqual([false, true]);
});
