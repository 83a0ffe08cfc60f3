import { AsyncLocalStorage, createHook } from 'node:async_hooks';

/** The answering of one request. */
interface Answering {
  readonly caller: string;
  /** Time that this thread took for it so far, milliseconds. */
  spent: number;
  /** The accounts of parties that it was found to be for. */
  readonly parties: Map<string, Account>;
}

/** An account of a party. */
interface Account {
  readonly charge: (milliseconds: number) => void;
  /** True if somebody else could have sent what it is charged for. */
  readonly isAgain: boolean;
}

/** Measure of the answering of a request. */
export interface AnswerWork {
  /** Returns the time so far, milliseconds. */
  spent(): number;
  /** Accounts of the parties that it was found to be for so far. */
  parties(): readonly string[];
  /** Charges them, in equal parts: those for what others could have sent, only if there are no others. */
  chargeParties(milliseconds: number): void;
}

const answering = new AsyncLocalStorage<Answering>();
/** Pieces of work up to this length, in milliseconds, are measured by the clock alone, which is quicker to read. */
const SHORT = 1;
/** Moment when the present piece of work began, milliseconds. */
let began = 0;
/** Processor time of this thread when it was last read, microseconds, and that moment, milliseconds. */
let used = 0;
let readAt = -Infinity;
/** Adds each piece of work of this thread to the answer that it is done for: between two pieces others have their turn. */
const measuring = createHook({
  before() {
    began = performance.now();
    if (began - readAt > SHORT) readUse(began);
  },
  after() {
    const now = performance.now();
    const answer = answering.getStore();
    if (answer !== undefined) answer.spent += timeOfPiece(now);
    began = now;
  },
});

/** The time of the piece of work that ends, milliseconds: while others had the processor, it was nobody's. */
function timeOfPiece(now: number): number {
  const passed = now - began;
  return passed > SHORT ? Math.min(passed, readUse(now)) : passed;
}

/** Reads the processor time of this thread; returns what it used since it was read before, milliseconds. */
function readUse(now: number): number {
  const { user, system } = process.threadCpuUsage();
  const since = (user + system - used) / 1000;
  used = user + system;
  readAt = now;
  return since;
}

/**
 * Runs the answering of a request in the name of its caller, and measures the time that this thread takes for it.
 *
 * @param caller - Address by which its limits are counted.
 * @param answer - Answers it; it is given what is measured.
 */
export async function answerFor<Answer>(
  caller: string,
  answer: (work: AnswerWork) => Promise<Answer>,
): Promise<Answer> {
  measuring.enable();
  const parties = new Map<string, Account>();
  const own: Answering = { caller, spent: 0, parties };
  const work: AnswerWork = {
    spent: () => own.spent,
    parties: () => [...parties.keys()],
    chargeParties(milliseconds) {
      const all = [...parties.values()];
      const own = all.filter(({ isAgain }) => !isAgain);
      const charged = own.length > 0 ? own : all;
      for (const { charge } of charged) charge(milliseconds / charged.length);
    },
  };
  return await answering.run(own, async () => {
    // Work that is done before the first wait is part of a piece that began earlier.
    await Promise.resolve();
    return await answer(work);
  });
}

/** Returns the address whose request is being answered; empty if none is, or if it was not identified. */
export function callerNow(): string {
  return answering.getStore()?.caller ?? '';
}

/**
 * Notes that the request which is being answered is a party's, if one is.
 *
 * @param account - Name of an account of the party.
 * @param charge - Charges it for processor time.
 * @param isAgain - True if others could have sent the request too.
 */
export function noteParty(
  account: string,
  charge: (milliseconds: number) => void,
  isAgain = false,
): void {
  answering.getStore()?.parties.set(account, { charge, isAgain });
}
