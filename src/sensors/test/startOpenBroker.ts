import { createServer, type AddressInfo } from 'node:net';
import { Aedes } from 'aedes';
import { connectAsync, type MqttClient } from 'mqtt';

/** A broker of a test, at which everybody may do everything. */
export interface OpenBroker {
  readonly url: string;
  /** A client of the test. */
  readonly client: MqttClient;
  /** The message that it keeps for a topic; undefined if it keeps none. */
  kept(topic: string): Promise<string | undefined>;
  close(): Promise<void>;
}

/** The part of the broker that its types leave out. */
interface Keeping {
  readonly persistence: {
    createRetainedStream(topic: string): AsyncIterable<{ readonly payload: Uint8Array }>;
  };
}

/** Starts such a broker on loopback. */
export async function startOpenBroker(): Promise<OpenBroker> {
  const aedes = await Aedes.createBroker();
  const server = createServer((socket) => aedes.handle(socket));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = await connectAsync(url, { protocolVersion: 4, clientId: 'the test' });
  return {
    url,
    client,
    async kept(topic) {
      const found: string[] = [];
      const { persistence } = aedes as unknown as Keeping;
      for await (const { payload } of persistence.createRetainedStream(topic)) {
        found.push(Buffer.from(payload).toString());
      }
      return found.find((text) => text !== '');
    },
    async close() {
      await client.endAsync(true);
      await new Promise<void>((resolve) => {
        aedes.close(() => resolve());
      });
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}
