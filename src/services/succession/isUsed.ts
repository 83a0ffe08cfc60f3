import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { quantityOf } from '../../bindings/quantityOf.ts';
import { readEvents } from '../../bindings/readEvents.ts';
import { readHead } from '../../bindings/readHead.ts';
import { readLogRanges } from '../../bindings/readLogs.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Address } from '../../protocol/ids.ts';

/**
 * Tells whether a contract has logged anything but refusals since it was created: the care contracts log each change of what they hold.
 * The block that created it is looked for among those whose state the ledger keeps.
 *
 * @param ledger - The ledger.
 * @param address - A contract that is there.
 * @returns True also if it is older than the oldest state that the ledger keeps.
 * @throws MedsealError of the ledger.
 */
export async function isUsed(ledger: LedgerProvider, address: Address): Promise<boolean> {
  const head = await readHead(ledger);
  if (head === undefined) throw new MedsealError('LEDGER_UNREACHABLE', {});
  // It is there at the end of `present`, and not, as far as anybody can say, at that of `absent`.
  let [absent, present] = [0, head.number];
  let isKept = false;
  while (present - absent > 1) {
    const middle = Math.floor((absent + present) / 2);
    const state = await stateAt(ledger, address, middle);
    if (state === 'present') present = middle;
    else [absent, isKept] = [middle, state === 'absent'];
  }
  if (!isKept && absent > 0) return true;
  const wanted = { addresses: [address], from: present, to: head.number };
  for await (const { logs } of readLogRanges(ledger, wanted)) {
    if (logs.some(isChange)) return true;
  }
  return false;
}

async function stateAt(
  ledger: LedgerProvider,
  address: Address,
  block: number,
): Promise<'present' | 'absent' | 'removed'> {
  const params = [address, quantityOf(block)];
  try {
    const code = await ledger.request({ method: 'eth_getCode', params });
    return code === '0x' ? 'absent' : 'present';
  } catch {
    // Whatever the reason is: the answer is then that it is used.
    return 'removed';
  }
}

/** Tells whether a log says that its contract holds something else now. A log that this version does not read may say so. */
function isChange(log: unknown): boolean {
  try {
    const [event] = readEvents([log]);
    return event?.kind !== 'Refused';
  } catch {
    return true;
  }
}
