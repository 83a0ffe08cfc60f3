import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { bodyOf, serveOnLoopback } from './serveOnLoopback.ts';
import type { StoreServer } from './StoreServer.ts';

/**
 * Starts a fake of an IPFS node's file tree, in memory. Its real twin, Kubo, passes the same cases.
 */
export async function startFakeKubo(): Promise<StoreServer> {
  const files = new Map<string, Uint8Array>();
  const folders = new Set<string>();
  const blocks = new Map<string, Uint8Array>();
  const pins = new Map<string, string>();
  return await serveOnLoopback((incoming, outgoing) => {
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

  function answer({ url }: IncomingMessage, body: Uint8Array): object {
    const { pathname, searchParams: query } = new URL(url ?? '', 'http://fake');
    const [first = '', second = ''] = query.getAll('arg');
    switch (pathname.replace('/api/v0/', '')) {
      case 'add': {
        const content = contentOf(body);
        const cid = createHash('sha256').update(content).digest('hex');
        blocks.set(cid, content);
        pins.set(cid, query.get('pin-name') ?? '');
        return { Name: 'sealed', Hash: cid };
      }
      case 'pin/ls': {
        const wanted = [...pins].filter(([, name]) => name.includes(query.get('name') ?? ''));
        return { Keys: Object.fromEntries(wanted.map(([cid, name]) => [cid, { Name: name }])) };
      }
      case 'pin/rm':
        if (!pins.delete(first)) throw new Error('not pinned or pinned indirectly');
        if (![...files.values()].includes(blocks.get(first) ?? body)) blocks.delete(first);
        return {};
      case 'files/cp': {
        const content = blocks.get(first.slice('/ipfs/'.length));
        if (content === undefined) throw new Error('block was not found locally');
        for (let path = parentOf(second); path !== ''; path = parentOf(path)) folders.add(path);
        files.set(second, content);
        return {};
      }
      case 'files/stat':
        if (folders.has(first)) return { Type: 'directory', Size: 0 };
        return { Type: 'file', Size: found(first).length };
      case 'files/ls':
        return { Entries: namesIn(first).map((name) => ({ Name: name })) };
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
