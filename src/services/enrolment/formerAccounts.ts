import type { Address, Organisation } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/NetworkFile.ts';
import { presentNodes } from '../../protocol/networkLookups.ts';
import { HANDOVER } from '../../protocol/officesOf.ts';

/** An account that an organisation sent from. */
export interface FormerAccount {
  readonly organisation: Organisation;
  readonly account: Address;
}

/**
 * Returns the accounts that network files named for organisations and that none names any more: neither one to come, nor
 * one whose hour after its end is not over, in which nodes may still go by it.
 *
 * @param files - A network's first file and all that follow it, verified, oldest first.
 * @param at - Unix seconds.
 */
export function formerAccounts(
  files: readonly NetworkFile[],
  at: number,
): readonly FormerAccount[] {
  const former = new Map<Address, FormerAccount>();
  const named = new Set<Address>();
  for (const [place, file] of files.entries()) {
    const until = files[place + 1]?.before?.at(-1)?.until ?? Infinity;
    const isOver = until + HANDOVER <= at;
    for (const { organisation, sender: account } of presentNodes(file)) {
      if (isOver) former.set(account, { organisation, account });
      else named.add(account);
    }
  }
  return [...former.values()].filter(({ account }) => !named.has(account));
}
