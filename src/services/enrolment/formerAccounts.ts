import type { Address, Organisation } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { presentNodes } from '../../protocol/network/networkLookups.ts';
import { HANDOVER } from '../../protocol/network/officesOf.ts';

/** An account that an organisation sent from. */
export interface FormerAccount {
  readonly organisation: Organisation;
  readonly account: Address;
}

/**
 * Returns the accounts that network files named for organisations and that none names any more: neither one to come, nor
 * one whose hour after its end is not over, in which nodes may still go by it. Those of dropped files were enrolled early.
 *
 * @param files - A network's first file and all that follow it, verified, oldest first.
 * @param at - Unix seconds.
 * @param dropped - Files that operators decided against; each counts from an hour after it would have been in force.
 */
export function formerAccounts(
  files: readonly NetworkFile[],
  at: number,
  dropped: readonly NetworkFile[] = [],
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
  for (const file of dropped) {
    if ((file.before?.at(-1)?.until ?? Infinity) + HANDOVER > at) continue;
    for (const { organisation, sender: account } of presentNodes(file)) {
      if (!former.has(account)) former.set(account, { organisation, account });
    }
  }
  return [...former.values()].filter(({ account }) => !named.has(account));
}
