import { startWorker } from '../worker/startWorker.ts';
import type { CodeAnswer, CodeCall } from './CodeCall.ts';
// oxlint-disable-next-line import/default -- the build gives the address of the file
import built from './codeWorker.ts?worker&url';

/** Looks for a code in a picture, which it takes over. */
export type CodeReader = (call: CodeCall) => Promise<string | undefined>;

/**
 * Starts a worker that reads codes, so that the page answers its visitor meanwhile.
 *
 * @param signal - Ends it.
 * @returns A function that returns the text of the code in a picture, not trusted; undefined if it found none. It throws the signal's
 * reason once it is ended.
 * @throws TypeError if the worker's code did not come, or is not what the page pins.
 */
export async function startCodeReader(signal: AbortSignal): Promise<CodeReader> {
  const worker = await startWorker(built);
  const failing = new AbortController();
  const ended = AbortSignal.any([signal, failing.signal]);
  worker.addEventListener('error', ({ message }) => failing.abort(new Error(message)));
  ended.addEventListener('abort', () => worker.terminate());
  if (ended.aborted) worker.terminate();
  return async (call) => {
    ended.throwIfAborted();
    const { port1: port, port2 } = new MessageChannel();
    const answered = new AbortController();
    try {
      const { text } = await new Promise<CodeAnswer>((resolve, reject) => {
        const fail = (): void => reject(ended.reason as Error);
        ended.addEventListener('abort', fail, { signal: answered.signal });
        port.addEventListener('message', ({ data }: MessageEvent<CodeAnswer>) => resolve(data));
        port.start();
        worker.postMessage(call, [call.picture, port2]);
      });
      return text;
    } finally {
      answered.abort();
      port.close();
    }
  };
}
