import { isSameOffice } from '../../bindings/isSameOffice.ts';
import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { readOffice } from '../../bindings/readOffice.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { coordinatorsIn } from '../../protocol/network/networkLookups.ts';
import { fingerprintOf } from '../../protocol/network/fingerprintOf.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { Files } from '../../folder/Files.ts';
import { furtherContractsOf } from '../../protocol/network/furtherContracts.ts';
import { findOtherAdded } from '../../services/succession/requireCreated.ts';
import { findOtherContract } from './findOtherContract.ts';
import { readJsonFile, writeJsonFile } from '../../folder/jsonFiles.ts';

/** `contracts.json` of a folder: the network whose contracts passed this check, and the addresses of those that were added since. */
const FOUND = 'contracts.json';

/**
 * Refuses a ledger of another organisation, before a node first uses it, if its contracts have other code than this
 * build creates, or its offices have other holders than the network file names, in any of its channels. It checks only
 * once, for later versions create other code, and offices may change.
 *
 * @param files - The node's folder.
 * @param network - Its first network file.
 * @param provider - The ledger.
 * @param primitives - Hashes and the curve.
 * @param successors - Verified successors of the file: the offices may be theirs already.
 * @throws MedsealError `CONTRACTS_OTHER`; of the ledger.
 */
export async function requireContracts(
  files: Files,
  network: NetworkFile,
  provider: LedgerProvider,
  primitives: Primitives,
  successors: readonly NetworkFile[] = [],
): Promise<void> {
  const fingerprint = fingerprintOf(primitives, network);
  const before = (await readJsonFile(files, FOUND)) as { fingerprint?: unknown } | undefined;
  if (before?.fingerprint === fingerprint) return;
  const other = await findOtherContract(network, provider, primitives);
  if (other !== undefined) throw new MedsealError('CONTRACTS_OTHER', { contract: other });
  const { contracts } = network;
  const seated = await readOffice(provider, contracts, 'authority');
  const judges = await readOffice(provider, contracts, 'coordinators');
  const chain = [network, ...successors];
  const isSame =
    chain.some(({ authority }) => isSameOffice(seated, authority)) &&
    chain.some(({ channels }) =>
      channels.every((channel) => isSameOffice(judges, coordinatorsIn(channel))),
    );
  if (!isSame) throw new MedsealError('CONTRACTS_OTHER', { contract: 'registry' });
  await writeJsonFile(files, FOUND, { format: 'medseal-contracts/1', fingerprint });
}

/**
 * Refuses a contract that a successor added if it has other code than this build creates, before a node first runs under
 * it: a successor that came while the ledger could not be reached was taken by its signatures. It checks each only once.
 *
 * @param files - The node's folder, with the note of `requireContracts`.
 * @param network - The network file in force.
 * @param founded - The first file's contracts.
 * @param provider - The ledger.
 * @param primitives - Hashes and the curve.
 * @throws MedsealError `CONTRACTS_OTHER`; of the ledger.
 */
export async function requireAdded(
  files: Files,
  network: NetworkFile,
  founded: NetworkFile['contracts'],
  provider: LedgerProvider,
  primitives: Primitives,
): Promise<void> {
  const { contracts } = network;
  const names = furtherContractsOf(contracts).filter((name) => founded[name] === undefined);
  const note = (await readJsonFile(files, FOUND)) as { readonly added?: unknown } | undefined;
  const known: readonly unknown[] = Array.isArray(note?.added) ? note.added : [];
  const news = names.filter((name) => !known.includes(contracts[name]));
  if (news.length === 0) return;
  const added = Object.fromEntries(news.map((name) => [name, contracts[name]]));
  const other = await findOtherAdded({ ledger: provider, network, primitives }, added);
  if (other !== undefined) throw new MedsealError('CONTRACTS_OTHER', { contract: other.contract });
  await writeJsonFile(files, FOUND, { ...note, added: names.map((name) => contracts[name]) });
}
