import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';

/** Connections that are opened at once: the system's queue of those that nobody accepted yet is short. */
const AT_ONCE = 100;

/** Connections of one address of loopback that send what they are told, byte by byte, and may never say more. */
export class RawCaller {
  readonly #port: number;
  readonly #address: string;
  readonly sockets: Socket[] = [];

  /**
   * @param port - Port that it connects to.
   * @param address - Address that it comes from, such as `127.0.0.2`.
   */
  constructor(port: number, address: string) {
    this.#port = port;
    this.#address = address;
  }

  /** Opens a connection and sends some bytes. */
  async send(bytes: string | Uint8Array = ''): Promise<Socket> {
    const socket = connect({ port: this.#port, host: '127.0.0.1', localAddress: this.#address });
    // The other side may cut it off at any time, which is what some tests are about.
    socket.on('error', () => undefined);
    this.sockets.push(socket);
    await once(socket, 'connect');
    if (bytes.length > 0) await new Promise((resolve) => socket.write(bytes, resolve));
    return socket;
  }

  /** Opens so many connections that each send the same. */
  async sendMany(count: number, bytes: string | Uint8Array = ''): Promise<void> {
    for (let left = count; left > 0; left -= AT_ONCE) {
      const some = { length: Math.min(left, AT_ONCE) };
      await Promise.all(Array.from(some, async () => await this.send(bytes)));
    }
  }

  /** Sends some bytes and reads until the other side ends. */
  async ask(bytes: string | Uint8Array): Promise<string> {
    return await text(await this.send(bytes));
  }

  /** Cuts off all of its connections. */
  leave(): void {
    for (const socket of this.sockets.splice(0)) socket.destroy();
  }
}

/**
 * The head of a request in HTTP/1.1.
 *
 * @param line - Method and path.
 * @param headers - Further header lines.
 */
export function headOf(line: string, ...headers: readonly string[]): string {
  return [`${line} HTTP/1.1`, 'host: 127.0.0.1', ...headers, '', ''].join('\r\n');
}

/** The header line of a JSON body. */
export const JSON_TYPE = 'content-type: application/json';
