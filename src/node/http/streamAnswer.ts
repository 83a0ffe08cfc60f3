import { Readable } from 'node:stream';
import type { Context } from 'hono';

/** What the server of Node gives with a request; absent if an app is called without one. */
interface Bindings {
  readonly outgoing?: { destroy(): void };
}

/** How a stream is answered with. */
export interface StreamOptions {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Answers with a stream of bytes. What fails before the first byte is thrown, and so can be answered as a problem; what
 * fails later cuts the connection, so that nobody takes a part for the whole, and says nothing of why.
 *
 * @param c - The request that is answered.
 * @param stream - The bytes.
 * @param options - Status and headers, if they are others.
 */
export async function streamAnswer(
  c: Context,
  stream: AsyncIterable<Uint8Array>,
  { status = 200, headers = {} }: StreamOptions = {},
): Promise<Response> {
  const parts = stream[Symbol.asyncIterator]();
  let ahead: IteratorResult<Uint8Array> | undefined = await parts.next();
  const { outgoing } = (c.env ?? {}) as Bindings;
  // No generator, for one that was never begun ends without letting go of the source.
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
