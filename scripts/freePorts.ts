import { createServer, type AddressInfo } from 'node:net';

/**
 * Finds free ports of loopback, all different; nodes must know each other's ports before they run.
 *
 * @param count - Number of ports.
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(
    servers.map(async (server) => {
      await new Promise((resolve) => server.once('listening', resolve));
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  // None is given back before all are taken: the system could give it a second time.
  await Promise.all(
    servers.map(async (server) => {
      await new Promise((resolve) => server.close(resolve));
    }),
  );
  return ports;
}
