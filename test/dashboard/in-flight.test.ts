import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client, fetchExchange, gql, type TypedDocumentNode } from 'urql';
import { expect, it, onTestFinished } from 'vitest';
import { askUntil, sharedInFlight } from '../../src/dashboard/api/in-flight.js';
import { until } from '../support/until.js';

type Document = TypedDocumentNode<{ readonly number: number }, { readonly of: number }>;
const NUMBER = gql`
  query Number($of: Int!) {
    number(of: $of)
  }
` as Document;
const CHANGE = gql`
  mutation Change($of: Int!) {
    number(of: $of)
  }
` as Document;

/** A server that counts what it is asked, and answers its requests one by one when told to. */
async function counting() {
  const waiting: ServerResponse[] = [];
  const counts = { asked: 0, takenBack: 0 };
  const server = createServer((request, response) => {
    request.resume();
    counts.asked++;
    waiting.push(response);
    response.on('close', () => {
      if (!response.writableFinished) counts.takenBack++;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const client = new Client({
    url: `http://127.0.0.1:${port}/graphql`,
    preferGetMethod: false,
    exchanges: [sharedInFlight, fetchExchange],
  });
  const answered = { count: 0 };
  return {
    client,
    counts,
    untilAsked: (times: number) =>
      until(
        `it is asked ${times} times`,
        () => counts.asked,
        (asked) => asked === times,
      ),
    /** Answers the first request that waits, with the number of answers so far. */
    answer: (): void => {
      const response = waiting.shift();
      response?.setHeader('content-type', 'application/json');
      response?.end(JSON.stringify({ data: { number: ++answered.count } }));
    },
  };
}

/** A part of the page that shows the answer to a question. */
function shownBy(client: Client, of = 1) {
  const seen: (number | undefined)[] = [];
  const asking = client.query(NUMBER, { of }).subscribe(({ data, stale }) => {
    if (!stale) seen.push(data?.number);
  });
  onTestFinished(() => asking.unsubscribe());
  const untilShown = (number: number) =>
    until(
      `${number} to be shown`,
      () => seen.at(-1),
      (last) => last === number,
    );
  return { seen, untilShown };
}

/** A part of the page that shows the answer to the first question. */
async function answeredPart({ client, untilAsked, answer }: Awaited<ReturnType<typeof counting>>) {
  const part = shownBy(client);
  await untilAsked(1);
  answer();
  await part.untilShown(1);
}

it('is sent once, however many parts ask it while it is under way, and each has the answer', async () => {
  const { client, counts, untilAsked, answer } = await counting();
  const parts = [shownBy(client), shownBy(client), shownBy(client)];
  await untilAsked(1);
  answer();
  await Promise.all(parts.map(({ untilShown }) => untilShown(1)));
  expect(parts.map(({ seen }) => seen)).toEqual([[1], [1], [1]]);
  expect(counts.asked).toBe(1);
});

it('is sent once by parts that open together where another one shows its last answer', async () => {
  const server = await counting();
  const { client, counts, untilAsked, answer } = server;
  await answeredPart(server);
  const others = [shownBy(client), shownBy(client)];
  await untilAsked(2);
  const later = shownBy(client, 2);
  await untilAsked(3);
  answer();
  answer();
  await Promise.all(others.map(({ untilShown }) => untilShown(2)));
  await later.untilShown(3);
  expect(counts.asked).toBe(3);
});

it('is sent anew after a mutation, which what is under way may not know of', async () => {
  const server = await counting();
  const { client, untilAsked } = server;
  await answeredPart(server);
  shownBy(client);
  await untilAsked(2);
  void client.mutation(CHANGE, { of: 1 }).toPromise();
  await untilAsked(3);
  shownBy(client);
  await untilAsked(4);
});

it('is sent anew after a mutation, also where it was asked beside it', async () => {
  const server = await counting();
  const { client, untilAsked, answer } = server;
  await answeredPart(server);
  const changing = client.mutation(CHANGE, { of: 1 }).toPromise();
  await untilAsked(2);
  shownBy(client);
  await untilAsked(3);
  answer();
  await changing;
  shownBy(client);
  await untilAsked(4);
});

it('is taken back where nobody waits for it any longer, and only then', async () => {
  const { client, counts, untilAsked, answer } = await counting();
  const [one, other] = [new AbortController(), new AbortController()];
  void askUntil(other.signal, client, NUMBER, { of: 2 });
  const shown = shownBy(client, 2);
  await untilAsked(1);
  const asked = askUntil(one.signal, client, NUMBER, { of: 1 });
  await untilAsked(2);
  other.abort();
  one.abort();
  await until(
    'a request that is taken back',
    () => counts.takenBack,
    (count) => count === 1,
  );
  answer();
  await shown.untilShown(1);
  expect(counts.takenBack).toBe(1);
  expect(await Promise.race([asked, Promise.resolve('none')])).toBe('none');
  shownBy(client, 1);
  await untilAsked(3);
});

it('is not sent at all where it was taken back before', async () => {
  const { client, counts, untilAsked } = await counting();
  void askUntil(AbortSignal.abort(), client, NUMBER, { of: 1 });
  shownBy(client, 2);
  await untilAsked(1);
  expect(counts.asked).toBe(1);
});
