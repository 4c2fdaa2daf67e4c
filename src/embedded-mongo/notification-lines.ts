import type { Socket } from 'node:net';

/** No notification is as long; whoever sends a longer line speaks another language, characters. */
export const LONGEST_LINE = 64 * 1024;
/** A socket that so much waits for is not read, bytes. */
export const MOST_UNREAD = 1024 * 1024;

/** Calls back with each line that comes over a socket; one that is too long ends the connection. */
export function eachLine(socket: Socket, callBack: (line: string) => void): void {
  let rest = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() as string;
    if (rest.length > LONGEST_LINE) socket.destroy();
    else lines.forEach(callBack);
  });
}
