import type { LoadPairing, PairingPort } from '../../crypto/threshold/PairingPort.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import {
  PAIRING_CALLS,
  type MessageEnd,
  type PairingAnswer,
  type PairingCall,
} from './PairingCalls.ts';

/**
 * Computes pairings for another thread that asks by messages, such as a page (`pairingIn`). Arithmetic is loaded with the first
 * message.
 *
 * @param end - The end that the messages come from: in a worker, `self`.
 * @param load - Loads the arithmetic.
 * @example
 * ```ts
 * servePairing(self, loadMclPairing);
 * ```
 */
export function servePairing(end: MessageEnd, load: LoadPairing): void {
  let loaded: Promise<PairingPort> | undefined;
  end.addEventListener('message', ({ data }) => {
    if (!isCall(data)) return;
    loaded ??= load();
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- neither a worker nor a port has one
    void answerTo(data, loaded).then((answer) => end.postMessage(answer));
  });
}

async function answerTo(
  { pairing: answered, call, given }: PairingCall,
  loaded: Promise<PairingPort>,
): Promise<PairingAnswer> {
  try {
    const arithmetic = await loaded;
    if (call === 'load') return { answered, value: true };
    const compute = arithmetic[call] as (...values: readonly unknown[]) => unknown;
    return { answered, value: compute.apply(arithmetic, [...given]) };
  } catch (error) {
    return { answered, problem: toMedsealError(error).toProblem() };
  }
}

function isCall(data: unknown): data is PairingCall {
  const { pairing, call, given } = Object(data) as Partial<PairingCall>;
  return (
    typeof pairing === 'number' &&
    Array.isArray(given) &&
    (call === 'load' || PAIRING_CALLS.some((each) => each === call))
  );
}
