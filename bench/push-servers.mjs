// The servers that push, and what is measured of them: see servers.mjs.
import http from 'node:http';
import { WebSocketServer } from 'ws';
import { createSchema } from '../dist/graphql/schema.js';
import { servicesOver } from './fixture.mjs';

/** How often it is looked whether all is sent, milliseconds. */
const LOOK_MS = 2;
/** How many sockets are written to between two looks at the clock. */
const SECTION_SOCKETS = 100;

export function pushServers({ cycles, feed, store, windows, announce, viewer, log }) {
  return {
    /** graphql-ws as it comes: every subscriber's operation is executed and written for itself. */
    async 'push-stock'() {
      const { useServer } = await import('graphql-ws/use/ws');
      const { createContext } = await import('../dist/graphql/context.js');
      const schema = await createSchema();
      const services = servicesOver({ universe: cycles.universe, feed, store });
      const server = http.createServer();
      const wss = new WebSocketServer({ server, path: '/graphql' });
      let sent = 0;
      const onNext = () => void sent++;
      useServer({ schema, onNext, context: () => createContext(services, viewer) }, wss);
      return { server, push: announce, ...rounds({ server, cycles, announce, sent: () => sent }) };
    },
    /** Ours; after so many turns, where they are asked for. */
    async 'push-ours'() {
      for (let turns = Number(process.argv[4] ?? 0); turns > 0; turns--) announce(cycles.next());
      const { Admission } = await import('../dist/operate/admission.js');
      const { HeavyWork } = await import('../dist/scheduling/heavy-work.js');
      const { Slices } = await import('../dist/scheduling/slices.js');
      const { createSubscriptionServer } =
        await import('../dist/subscriptions/subscription-server.js');
      const schema = await createSchema();
      const services = servicesOver({ universe: cycles.universe, feed, store, windows });
      const subscriptions = createSubscriptionServer({
        schema,
        services,
        log,
        authenticate: async () => ({ ok: true, viewer }),
        admission: new Admission({
          schema,
          slices: new Slices(),
          heavy: new HeavyWork({ underWay: 4, underWayOfOne: 4, waiting: 1, waitingOfOne: 1 }),
          rate: { refuse: async () => null, refuseFurther: async () => null },
        }),
        connectionsPerClient: Infinity,
      });
      const server = http.createServer((request, response) => {
        const query = new URL(request.url, 'http://localhost').searchParams.get('query');
        const asked = { payload: { query }, viewer, address: '', last: null };
        subscriptions.openStream({ response, ...asked });
      });
      server.on('upgrade', (request, socket, head) =>
        subscriptions.handleUpgrade(request, socket, head, ''),
      );
      const sent = () => subscriptions.pushed.messages;
      return { server, push: announce, ...rounds({ server, cycles, announce, sent }) };
    },
  };
}

/**
 * The questions of a benchmark that pushes to the same sockets in turns: cycles as the server does it,
 * and one prebuilt frame written to each, than which nothing can be quicker. As both happen in one
 * process to the same clients, what else the machine does meets both.
 */
function rounds({ server, cycles, announce, sent }) {
  const sockets = new Set();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  let frame = Buffer.alloc(0);
  const clock = new SectionClock(sockets);

  const pushes = {
    async ours(figures) {
      const all = sent() + sockets.size;
      announce(figures);
      while (sent() < all) await pause();
    },
    limit: async () => {
      for (const socket of sockets) socket.write(frame);
    },
  };

  return {
    asks: {
      /** Takes the frame that one client gets, whole, as the prebuilt one. */
      async take() {
        const [socket] = sockets;
        const pieces = [];
        socket.write = (piece, ...rest) => {
          pieces.push(Buffer.from(piece));
          return Object.getPrototypeOf(socket).write.call(socket, piece, ...rest);
        };
        await pushes.ours(cycles.next());
        delete socket.write;
        frame = Buffer.concat(pieces);
        return { base64: frame.toString('base64'), bytes: frame.length };
      },
      use({ base64 }) {
        frame = Buffer.from(base64, 'base64');
      },
      /** CPU time of one push until the last byte has left the process, by section, microseconds. */
      async round({ how }) {
        const figures = how === 'ours' ? cycles.next() : null;
        clock.start();
        await pushes[how](figures);
        for (const socket of sockets) while (socket.writableLength > 0) await pause();
        return clock.stop();
      },
      written: () => {
        let bytes = 0;
        for (const socket of sockets) bytes += socket.bytesWritten;
        return bytes;
      },
      memory: () => process.memoryUsage.rss(),
    },
  };
}

/**
 * Takes the CPU time of a push in sections: now and then a socket notes the time when it is written
 * to. A section is short enough to be left alone, in one of many pushes, by the machine's other jobs.
 */
class SectionClock {
  #sockets;
  #last = 0;
  #sections = [];

  constructor(sockets) {
    this.#sockets = sockets;
  }

  start() {
    this.#sections = [];
    let count = 0;
    for (const socket of this.#sockets) {
      if (++count % SECTION_SOCKETS !== 0) continue;
      socket.write = (...piece) => {
        delete socket.write;
        this.#note();
        return socket.write(...piece);
      };
    }
    this.#last = cpuTime();
  }

  stop() {
    this.#note();
    return this.#sections;
  }

  #note() {
    const now = cpuTime();
    this.#sections.push(now - this.#last);
    this.#last = now;
  }
}

function cpuTime() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

const pause = () => new Promise((resolve) => setTimeout(resolve, LOOK_MS));
