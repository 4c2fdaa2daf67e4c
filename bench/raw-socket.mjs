// The client's side of a WebSocket, no more than the benchmarks' own clients need of it.

/** An empty pong, masked with zeros: who answers no ping is taken for dead. */
export const PONG = Buffer.of(0x8a, 0x80, 0, 0, 0, 0);

/** What asks for a socket at /graphql. @param extensions that are offered, if any */
export function upgradeRequest(extensions) {
  return (
    'GET /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
    'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n' +
    (extensions ? `Sec-WebSocket-Extensions: ${extensions}\r\n` : '') +
    'Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n'
  );
}

/** A text frame masked with zeros, as long as it is short. */
export function clientFrame(message) {
  const body = Buffer.from(JSON.stringify(message));
  const header =
    body.length < 126
      ? Buffer.of(0x81, 0x80 | body.length)
      : Buffer.of(0x81, 0xfe, body.length >> 8, body.length & 0xff);
  return Buffer.concat([header, Buffer.alloc(4), body]);
}
