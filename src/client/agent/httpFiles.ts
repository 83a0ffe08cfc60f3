import { base64urlnopad } from '@scure/base';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { ByteStream } from '../../protocol/ByteStream.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { partsOf, type OperationCalls } from './operationCalls.ts';

/** Number of times that a file is asked for until all of it has come. */
const ATTEMPTS = 5;
/** Milliseconds without a byte of a file that has begun to come, after which it is asked for again, and then no more. */
const STALLED = 60_000;
/** True if `fetch` can stream a body: Node's can, a browser's only over newer versions of HTTP. */
const STREAMS = globalThis.navigator?.userAgent?.startsWith('Node.js') ?? false;

/**
 * Makes the methods of an agent's port that send and fetch sealed files.
 *
 * @param base - The agent's address.
 * @param calls - Calls of its operations.
 */
export function httpFiles(
  base: string,
  { call }: Pick<OperationCalls, 'call'>,
): Pick<AgentPort, 'upload' | 'fileSize' | 'download'> {
  return {
    async upload(request, content) {
      const init = STREAMS ? streamOf(content) : { body: await blobOf(content) };
      // The signed upload goes with the bytes rather than before them, so that nobody has to remember it.
      const announced = base64urlnopad.encode(utf8ToBytes(JSON.stringify(request)));
      const headers = { authorization: `Upload ${announced}` };
      await call('putFile', { hash: request.message.file }, { headers, ...init });
    },
    async fileSize(ticket, hash) {
      const response = await file(ticket, hash, 'bytes=0-0');
      await response.body?.cancel();
      const size = /^bytes 0-0\/(\d{1,15})$/.exec(response.headers.get('content-range') ?? '')?.[1];
      if (size === undefined) throw new MedsealError('PEER_MALFORMED', { what: 'answer' });
      return Number(size);
    },
    async *download(ticket, hash, range) {
      if (range !== undefined && range.from === range.to) return;
      const last = range === undefined ? '' : range.to - 1;
      let at = range?.from ?? 0;
      let hasStalled = false;
      for (let attempt = 1; ; attempt++) {
        const isWhole = range === undefined && at === 0;
        const line = new AbortController();
        const part = isWhole ? undefined : `bytes=${at}-${last}`;
        const parts = partsOf(await file(ticket, hash, part, line.signal));
        try {
          for (;;) {
            const stalled = setTimeout(() => line.abort(), STALLED);
            const next = await parts
              .next()
              .catch((cause: unknown) => {
                // A connection may break, and may stand still once; the rest is asked for again.
                const isAgain = line.signal.aborted && hasStalled;
                hasStalled ||= line.signal.aborted;
                if (attempt < ATTEMPTS && !isAgain) return undefined;
                throw new MedsealError('PEER_UNREACHABLE', { peer: base }, { cause });
              })
              .finally(() => clearTimeout(stalled));
            if (next === undefined) break;
            if (next.done === true) return;
            at += next.value.length;
            yield next.value;
          }
        } finally {
          await parts.return().catch(() => undefined);
        }
      }
    },
  };

  async function file(
    ticket: string,
    hash: Bytes32,
    range: string | undefined,
    signal?: AbortSignal,
  ): Promise<Response> {
    const headers = { authorization: `Bearer ${ticket}`, ...(range !== undefined && { range }) };
    const response = await call('getFile', { hash }, { headers, ...(signal && { signal }) });
    if (response.status === (range === undefined ? 200 : 206)) return response;
    throw new MedsealError('PEER_MALFORMED', { what: 'answer' });
  }
}

/**
 * Makes the options to stream a body. With these two settings `fetch` (WHATWG Fetch, "HTTP-network-or-cache fetch",
 * step 8.2) sends the stream itself; with any others it sends a copy and keeps the whole original in memory, for a
 * redirection.
 */
function streamOf(content: AsyncIterable<Uint8Array>): RequestInit & { readonly duplex: 'half' } {
  const parts = content[Symbol.asyncIterator]();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await parts.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await parts.return?.();
    },
  });
  return { body, duplex: 'half', redirect: 'error', window: null };
}

async function blobOf(content: ByteStream): Promise<Blob> {
  if (content.blob !== undefined) return content.blob;
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const part of content) parts.push(new Uint8Array(part));
  return new Blob(parts);
}
