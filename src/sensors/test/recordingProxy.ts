import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A proxy in front of a broker that keeps every byte. */
export interface RecordingProxy {
  /** Its address, such as `mqtt://127.0.0.1:1883`. */
  readonly url: string;
  /** All bytes that passed so far, each way of each connection in one piece, one byte a character. */
  readonly seen: () => readonly string[];
  close(): Promise<void>;
}

/** Starts a proxy in front of a broker without TLS: it sees what the broker sees. */
export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  const { hostname, port } = new URL(target);
  const kept: Buffer[][] = [];
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      const way: Buffer[] = [];
      kept.push(way);
      open.add(from);
      from.on('data', (piece: Buffer) => {
        way.push(piece);
        to.write(piece);
      });
      from.on('error', () => to.destroy());
      from.on('close', () => {
        open.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen: () => kept.map((way) => Buffer.concat(way).toString('latin1')),
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}
