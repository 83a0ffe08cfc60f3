import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { StoreServer } from './StoreServer.ts';

/**
 * Starts a fake of an IPFS node's file tree, in memory. Its real twin, Kubo, passes the same cases.
 */
export async function startFakeKubo(): Promise<StoreServer> {
  const files = new Map<string, Uint8Array>();
  const folders = new Set<string>();
  const server = createServer((incoming, outgoing) => {
    void bodyOf(incoming).then(
      (body) => {
        try {
          const said = answer(incoming, body);
          outgoing.end(said instanceof Uint8Array ? said : JSON.stringify(said));
        } catch (error) {
          outgoing.writeHead(500).end(JSON.stringify({ Message: (error as Error).message }));
        }
      },
      () => outgoing.destroy(),
    );
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => void server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    restart: async () => await Promise.resolve(server.closeAllConnections()),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  function answer({ url }: IncomingMessage, body: Uint8Array): object {
    const { pathname, searchParams: query } = new URL(url ?? '', 'http://fake');
    const [first = '', second = ''] = query.getAll('arg');
    switch (pathname.replace('/api/v0/', '')) {
      case 'add':
        return put(query.get('to-files') ?? '', contentOf(body));
      case 'files/write':
        return put(first, contentOf(body));
      case 'files/mkdir':
        for (let path = first; path !== ''; path = parentOf(path)) folders.add(path);
        return {};
      case 'files/stat':
        if (folders.has(first)) return { Type: 'directory', Size: 0 };
        return { Type: 'file', Size: found(first).length };
      case 'files/ls':
        return { Entries: namesIn(first).map((name) => ({ Name: name })) };
      case 'files/mv':
        put(second, found(first));
        files.delete(first);
        return {};
      case 'files/rm':
        files.delete(first);
        return {};
      case 'files/read': {
        const content = found(first);
        const from = Number(query.get('offset') ?? 0);
        if (from > content.length) throw new Error('offset was past end of file');
        const count = query.get('count');
        return content.subarray(from, count === null ? undefined : from + Number(count));
      }
      default:
        throw new Error('command not found');
    }
  }

  function put(path: string, content: Uint8Array): object {
    if (!folders.has(parentOf(path))) throw new Error('parent does not exist');
    files.set(path, content);
    return { Hash: 'fake' };
  }

  function found(path: string): Uint8Array {
    const content = files.get(path);
    if (content === undefined) throw new Error('file does not exist');
    return content;
  }

  function namesIn(path: string): readonly string[] {
    if (!folders.has(path)) throw new Error('file does not exist');
    const all = [...files.keys(), ...folders].filter((name) => parentOf(name) === path);
    return all.map((name) => name.slice(path.length + 1));
  }
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

/** The one part of a form. */
function contentOf(form: Uint8Array): Uint8Array {
  const bytes = Buffer.from(form);
  const begin = bytes.indexOf('\r\n\r\n') + 4;
  return bytes.subarray(begin, bytes.lastIndexOf('\r\n--'));
}

async function bodyOf(incoming: IncomingMessage): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of incoming) pieces.push(piece as Uint8Array);
  return Buffer.concat(pieces);
}
