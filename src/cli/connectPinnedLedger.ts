import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { confirmNewest, type NewestNode } from '../client/audit/confirmNewest.ts';
import { forkFileName } from '../consortium/forkOf.ts';
import { parseTrustedBlock, trustedBlockFile } from '../consortium/parseTrustedBlock.ts';
import { TRUST_PERIOD } from '../consortium/verifyBlock.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { writeJsonFile } from '../folder/jsonFiles.ts';
import { openFolder } from '../folder/openFolder.ts';
import { systemClock } from '../folder/systemClock.ts';
import { systemRandom } from '../folder/systemRandom.ts';
import { connectVerifiedLedger } from '../ledger/proven/connectVerifiedLedger.ts';
import { createNativePrimitives } from '../native/nativePrimitives.ts';
import { conflictFileName } from '../protocol/evidence/blockConflict.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import { findHome, nodesOf, readIfThere, type Home } from './home/Home.ts';
import { hasNode, promptAgentAt, type Nodes } from './home/Nodes.ts';
import type { VisitorOptions } from './program/sharedOptions.ts';

/**
 * Connects to a ledger that the user named, once it has shown that it is the network file's. If validators hold the
 * ledger, whoever answers is not believed but verified; the newest block that was verified is kept in the device's
 * folder, if there is one, because trust in it lasts 21 days. A device that was away for longer, or whose network is older,
 * asks the nodes that it knows for the newest block that k coordinators sign.
 *
 * @param network - The pinned network file.
 * @param url - Its JSON-RPC address.
 * @param options - The device.
 * @throws MedsealError `LEDGER_OTHER`, `LEDGER_UNREACHABLE`, `LEDGER_UNPROVEN`, `LEDGER_FORKED`, `LEDGER_STALE`, `LEDGER_TRUST_OLD`;
 * `FOLDER_FOREIGN` if the file of the block that was kept is malformed.
 */
export async function connectPinnedLedger(
  network: NetworkFile,
  url: string,
  options: Pick<VisitorOptions, 'home' | 'url'>,
): Promise<LedgerProvider> {
  const home = findHome(options);
  const { path } = home;
  const name = `${network.ledger.chain ?? 'ledger'}.json`;
  const kept = await readIfThere(join(path, name));
  const trusted =
    kept === undefined
      ? undefined
      : parseTrustedBlock(kept, (what) => new MedsealError('FOLDER_FOREIGN', { path, what }));
  const primitives = await createNativePrimitives();
  const save = async (file: string, value: object): Promise<void> => {
    // A device is made by joining a network, not by a question.
    if (existsSync(path)) await writeJsonFile(await openFolder(path), file, value);
  };
  return await connectVerifiedLedger({
    url,
    clock: systemClock,
    primitives,
    network,
    ...(trusted && { trusted }),
    askNewest: async () =>
      await confirmNewest({
        primitives,
        clock: systemClock,
        random: systemRandom,
        network,
        nodes: agentsOf(network, await knownNodes(home, options.url)),
        onConflict: async (conflict) => await save(conflictFileName(conflict), conflict),
      }),
    onTrusted: async (block) => await save(name, trustedBlockFile(block)),
    onFork: async (proof) => await save(forkFileName(proof), proof),
  });
}

/** Addresses of the nodes that were named, or that the device knows. */
async function knownNodes(home: Home, named: readonly string[] = []): Promise<Nodes> {
  try {
    return await nodesOf(home, named);
  } catch (cause) {
    if (!isMedsealError(cause, 'HOME_UNJOINED')) throw cause;
    // Nobody can be asked for a newer block.
    throw new MedsealError('LEDGER_TRUST_OLD', { days: TRUST_PERIOD / 86_400 }, { cause });
  }
}

/** The nodes of the organisations whose coordinators count. */
function agentsOf({ channels }: NetworkFile, nodes: Nodes): readonly NewestNode[] {
  const [first] = channels;
  return (first?.coordinators ?? []).flatMap(({ organisation }) =>
    hasNode(nodes, organisation)
      ? [{ organisation, agent: promptAgentAt(nodes, organisation) }]
      : [],
  );
}
