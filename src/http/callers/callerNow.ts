import { AsyncLocalStorage, createHook } from 'node:async_hooks';

/** The answering of one request. */
interface Answering {
  readonly caller: string;
  /** Time that this thread took for it so far, milliseconds. */
  spent: number;
}

const answering = new AsyncLocalStorage<Answering>();
/** Moment when the present piece of work began, milliseconds. */
let began = 0;
/** Adds each piece of work of this thread to the answer that it is done for: between two pieces others have their turn. */
const measuring = createHook({
  before() {
    began = performance.now();
  },
  after() {
    const now = performance.now();
    const answer = answering.getStore();
    if (answer !== undefined) answer.spent += now - began;
    began = now;
  },
});

/**
 * Runs the answering of a request in the name of its caller, and measures the time that this thread takes for it.
 *
 * @param caller - Address by which its limits are counted.
 * @param answer - Answers it; it is given a function that returns the time so far, milliseconds.
 */
export async function answerFor<Answer>(
  caller: string,
  answer: (spent: () => number) => Promise<Answer>,
): Promise<Answer> {
  measuring.enable();
  const own: Answering = { caller, spent: 0 };
  return await answering.run(own, async () => {
    // Work that is done before the first wait is part of a piece that began earlier.
    await Promise.resolve();
    return await answer(() => own.spent);
  });
}

/** Returns the address whose request is being answered; empty if none is, or if it was not identified. */
export function callerNow(): string {
  return answering.getStore()?.caller ?? '';
}
