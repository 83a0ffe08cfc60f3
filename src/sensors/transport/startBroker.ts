import { randomBytes } from 'node:crypto';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { Aedes, type AedesOptions, type Client } from 'aedes';
import { MedsealError } from '../../errors/MedsealError.ts';
import { LONGEST_MESSAGE } from '../../protocol/sensors/ReadingsMessage.ts';
import { BrokerAccess } from './BrokerAccess.ts';

/** A broker in this process. */
export interface EmbeddedBroker {
  /** Address such as `mqtt://127.0.0.1:1883`. */
  readonly url: string;
  /** Password of the gateway, of this run alone. */
  readonly password: string;
  close(): Promise<void>;
}

/** Filters that a client may be refused; then it is cut off. The broker keeps those of a request of which it grants one. */
const REFUSED_FILTERS = 100;
/** Bytes that a topic and a packet's head take beside the message, at most. */
const AROUND = 65_600;

/**
 * Starts a broker on loopback, for demonstrations and tests: MQTT 3.1.1, nothing kept on disk. A client whose id is a
 * device's address is that device's; `BrokerAccess` says what each may do.
 *
 * @param gateway - Client id of the gateway, which alone signs in by the password that is returned.
 * @param port - Port; 0 for a free one.
 * @throws MedsealError `PORT_IN_USE`.
 */
export async function startBroker(gateway: string, port = 0): Promise<EmbeddedBroker> {
  const password = randomBytes(32).toString('hex');
  const aedes = await Aedes.createBroker(
    accessOf(new BrokerAccess({ clientId: gateway, password })),
  );
  const server = createServer((socket) => {
    refuseLarge(socket);
    aedes.handle(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(new MedsealError('PORT_IN_USE', { port }, { cause })));
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: own } = server.address() as AddressInfo;
  return {
    url: `mqtt://127.0.0.1:${own}`,
    password,
    async close() {
      await new Promise<void>((resolve) => {
        aedes.close(() => resolve());
      });
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

/** The access list as the broker asks for it. */
function accessOf(access: BrokerAccess): AedesOptions {
  const refused = new WeakMap<Client, number>();
  return {
    authenticate(client, username, password, done) {
      done(null, access.admits({ clientId: client.id, username, password }));
    },
    authorizePublish(client, { topic, retain }, done) {
      const may = client !== null && access.maySend(client.id, topic, retain);
      done(may ? null : new Error('the client may not send to this topic'));
    },
    authorizeSubscribe(client, subscription, done) {
      const mayHear = access.mayHear(client.id, subscription.topic);
      if (!mayHear) {
        const count = (refused.get(client) ?? 0) + 1;
        refused.set(client, count);
        if (count > REFUSED_FILTERS) client.close();
      }
      done(null, mayHear ? subscription : null);
    },
    // The broker keeps all filters of a request if it grants one of them, and restores them with the session.
    authorizeForward: (client, packet) => (access.mayHear(client.id, packet.topic) ? packet : null),
  };
}

/** Ends a connection whose next packet is larger than a message may be; the broker would gather all of it. */
function refuseLarge(socket: Socket): void {
  let rest = 0;
  let head: number[] = [];
  socket.on('data', (piece: Buffer) => {
    for (let at = 0; at < piece.length;) {
      const passed = Math.min(rest, piece.length - at);
      rest -= passed;
      at += passed;
      const byte = piece[at++];
      if (byte === undefined) return;
      head.push(byte);
      // One byte of kind, then the length in groups of seven bits, lowest first.
      if (head.length === 1 || (byte >= 128 && head.length < 5)) continue;
      rest = head.slice(1).reduce((sum, each, place) => sum + (each % 128) * 128 ** place, 0);
      head = [];
      if (rest > LONGEST_MESSAGE + AROUND) socket.destroy();
    }
  });
}
