import { MedsealError } from '../errors/MedsealError.ts';

/**
 * Asks something of a ledger, and does not wait for the answer once its caller ends.
 *
 * @param ended - Aborted once the caller ends; absent if it never does.
 * @param ask - Asks; it is not called after the end.
 * @throws MedsealError `CLOSED` at the end.
 */
export async function untilEnded<Answer>(
  ended: AbortSignal | undefined,
  ask: () => Promise<Answer>,
): Promise<Answer> {
  if (ended === undefined) return await ask();
  const { promise, reject } = Promise.withResolvers<never>();
  const end = (): void => reject(new MedsealError('CLOSED', { what: 'node' }));
  if (ended.aborted) end();
  else ended.addEventListener('abort', end);
  try {
    return await Promise.race([promise, ...(ended.aborted ? [] : [ask()])]);
  } finally {
    ended.removeEventListener('abort', end);
  }
}
