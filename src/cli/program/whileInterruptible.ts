import { shownLines } from '../terminal/shownLines.ts';
import type { Signals, Streams } from '../terminal/Streams.ts';

/** The exit code of a command that Ctrl-C ended, as shells have it. */
const INTERRUPTED = 130;

/** Work that must not be left behind if Ctrl-C ends the process. */
const cleanups = new Set<() => void>();

/**
 * Does something if Ctrl-C ends the process, such as removing a file that is only there in part.
 *
 * @param cleanup - The work; it waits for nothing.
 * @returns A function that takes it back.
 */
export function ifInterrupted(cleanup: () => void): () => void {
  cleanups.add(cleanup);
  return () => void cleanups.delete(cleanup);
}

/**
 * Runs a command so that Ctrl-C ends it with a sentence about what is certain, and exit code 130. A question that is
 * asked gets Ctrl-C itself, as its answer.
 *
 * @param streams - Streams of the command; without signals, nothing can interrupt it.
 * @param certain - Says what is certain at the moment that it is called.
 * @param work - The command.
 */
export async function whileInterruptible<Result>(
  { stderr, signals }: Pick<Streams, 'stderr' | 'signals'>,
  certain: () => string,
  work: () => Promise<Result>,
): Promise<Result> {
  if (signals === undefined) return await work();
  const end = (): void => interrupt(signals);
  signals.once('SIGINT', end);
  try {
    return await work();
  } finally {
    signals.off('SIGINT', end);
  }

  /** A second Ctrl-C finds no handler, and ends the process at once. */
  function interrupt(process: Signals): void {
    stderr.write(`\n${shownLines([`medseal: Interrupted. ${certain()}`], stderr)}`);
    for (const cleanup of cleanups) cleanup();
    process.exit(INTERRUPTED);
  }
}
