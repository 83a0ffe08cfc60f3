import { Readable } from 'node:stream';
import type { Context } from 'hono';

/** Values that the server of Node gives with a request; absent if an app is called without a server. */
interface Bindings {
  readonly outgoing?: { destroy(): void };
}

/** Options of `streamAnswer`. */
export interface StreamOptions {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Answers with a stream of bytes. A failure before the first byte is thrown, and so can be answered as a problem; a
 * later one cuts the connection without a reason, so that nobody takes a part for the whole.
 *
 * @param c - The request that is answered.
 * @param stream - The bytes.
 * @param options - Status and headers, if they differ from the defaults.
 */
export async function streamAnswer(
  c: Context,
  stream: AsyncIterable<Uint8Array>,
  { status = 200, headers = {} }: StreamOptions = {},
): Promise<Response> {
  const parts = stream[Symbol.asyncIterator]();
  let ahead: IteratorResult<Uint8Array> | undefined = await parts.next();
  const { outgoing } = (c.env ?? {}) as Bindings;
  // Not a generator: one that was never begun ends without releasing the source.
  const rest: AsyncIterator<Uint8Array> = {
    async next() {
      try {
        const part = ahead ?? (await parts.next());
        ahead = undefined;
        return part;
      } catch (error) {
        if (outgoing === undefined) throw error;
        outgoing.destroy();
        return { done: true, value: undefined };
      }
    },
    async return() {
      await parts.return?.();
      return { done: true, value: undefined };
    },
  };
  const source = Readable.from({ [Symbol.asyncIterator]: () => rest }, { objectMode: false });
  return new Response(Readable.toWeb(source) as ReadableStream<Uint8Array>, {
    status,
    headers: {
      'content-type': 'application/octet-stream',
      'cache-control': 'no-store',
      ...headers,
    },
  });
}
