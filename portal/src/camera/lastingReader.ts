import type { CodeReader } from './startCodeReader.ts';

/** A reader that is running, or will be. */
interface Started {
  readonly closing: AbortController;
  readonly read: Promise<CodeReader>;
}

/**
 * A reader that is started at once, and once more with the next picture after it failed: a worker that crashed answers
 * nobody again.
 *
 * @param signal - Ends it.
 * @param start - Starts a reader, as `startCodeReader` does.
 */
export function lastingReader(
  signal: AbortSignal,
  start: (signal: AbortSignal) => Promise<CodeReader>,
): CodeReader {
  const begin = (): Started => {
    const closing = new AbortController();
    const read = start(AbortSignal.any([signal, closing.signal]));
    // Whoever looks for a code hears why it did not start.
    read.catch(() => undefined);
    return { closing, read };
  };
  let started: Started | undefined = begin();
  return async (call) => {
    signal.throwIfAborted();
    started ??= begin();
    const used = started;
    try {
      const read = await used.read;
      return await read(call);
    } catch (error) {
      used.closing.abort();
      if (started === used) started = undefined;
      throw error;
    }
  };
}
