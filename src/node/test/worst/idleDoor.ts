import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server of a process of its own that has nothing to do: where it answers late, the machine itself stood still. */
const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => response.end('idle'));
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.send?.({ idle: `http://127.0.0.1:${port}` } satisfies IdleDoor);
});
process.once('disconnect', () => process.exit());

/** Message of the process, once it listens. */
export interface IdleDoor {
  readonly idle: string;
}
