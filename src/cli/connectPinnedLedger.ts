import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { forkFileName } from '../consortium/forkOf.ts';
import { parseTrustedBlock, trustedBlockFile } from '../consortium/parseTrustedBlock.ts';
import type { TrustedBlock } from '../consortium/verifyBlock.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { writeJsonFile } from '../folder/jsonFiles.ts';
import { openFolder } from '../folder/openFolder.ts';
import { systemClock } from '../folder/systemClock.ts';
import { connectVerifiedLedger } from '../ledger/proven/connectVerifiedLedger.ts';
import { createNativePrimitives } from '../native/nativePrimitives.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import { findHome, readIfThere } from './home/Home.ts';
import type { HomeOptions } from './program/sharedOptions.ts';

/**
 * Connects to a ledger that the user named, once it has shown that it is the network file's. If validators hold the
 * ledger, whoever answers is not believed but verified; the newest block that was verified is kept in the device's
 * folder, if there is one, because trust in it lasts 21 days.
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
  options: Pick<HomeOptions, 'home'>,
): Promise<LedgerProvider> {
  const { path } = findHome(options);
  const name = `${network.ledger.chain ?? 'ledger'}.json`;
  const kept = await readIfThere(join(path, name));
  const trusted =
    kept === undefined
      ? undefined
      : parseTrustedBlock(kept, (what) => new MedsealError('FOLDER_FOREIGN', { path, what }));
  return await connectVerifiedLedger({
    url,
    clock: systemClock,
    primitives: await createNativePrimitives(),
    network,
    ...(trusted && { trusted }),
    async onTrusted(block: TrustedBlock) {
      // A device is made by joining a network, not by a question.
      if (!existsSync(path)) return;
      await writeJsonFile(await openFolder(path), name, trustedBlockFile(block));
    },
    async onFork(proof) {
      if (existsSync(path)) await writeJsonFile(await openFolder(path), forkFileName(proof), proof);
    },
  });
}
