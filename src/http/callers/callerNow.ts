import { AsyncLocalStorage } from 'node:async_hooks';

const callers = new AsyncLocalStorage<string>();

/**
 * Runs the answering of a request in the name of its caller.
 *
 * @param caller - Address by which its limits are counted.
 * @param answer - Answers it.
 */
export async function answerFor<Answer>(
  caller: string,
  answer: () => Promise<Answer>,
): Promise<Answer> {
  return await callers.run(caller, answer);
}

/** Returns the address whose request is being answered; empty if none is, or if it was not identified. */
export function callerNow(): string {
  return callers.getStore() ?? '';
}
