import { createServer, type AddressInfo } from 'node:net';

/** Returns a free port of loopback; nodes must know each other's ports before they run. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
