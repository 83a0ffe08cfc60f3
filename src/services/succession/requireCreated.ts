import { furtherCreation } from '../../bindings/contractCreations.ts';
import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { codeOfCreations, type CreatedContract } from '../../ledger/codeOfCreations.ts';
import { claimTermsOf } from '../../protocol/care/claimTermsOf.ts';
import { ZERO_ADDRESS } from '../../protocol/ids.ts';
import {
  furtherContractsOf,
  type FurtherContract,
} from '../../protocol/network/furtherContracts.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { isUsed } from './isUsed.ts';
import type { Successor } from '../../protocol/network/Successor.ts';

/** A ledger with the contracts of a network. */
export interface CreatedSource {
  readonly ledger: LedgerProvider;
  readonly network: Pick<NetworkFile, 'claims' | 'contracts' | 'ledger'>;
  readonly primitives: Primitives;
}

/** A contract on the ledger that is not the one that this version creates. */
export interface OtherContract {
  readonly contract: FurtherContract;
  /** The difference, in a sentence without its full stop. */
  readonly reason: string;
}

/**
 * Compares care contracts on the ledger with what this version of Medseal creates for the network: their creation is run here, beside the
 * network's Registry, and the code that it leaves has the values that they were created with. If they are to be fresh, what they hold is
 * compared too. The ledger of one organisation takes creations of any code, so it is the root of their storage there. Validators
 * take those of known code alone, which logs each change: no such log may be later than the creation.
 *
 * @param source - The ledger.
 * @param added - Their addresses.
 * @param isFresh - True if nobody is to have used them yet.
 * @returns The first one that differs; undefined if none does.
 * @throws MedsealError of the ledger.
 */
export async function findOtherAdded(
  { ledger, network, primitives }: CreatedSource,
  added: NonNullable<Successor['contracts']>,
  isFresh = false,
): Promise<OtherContract | undefined> {
  const { registry } = network.contracts;
  const { chain, chainId } = network.ledger;
  const names = furtherContractsOf(added);
  const read = async (address: string, method: string): Promise<unknown> =>
    await ledger.request({
      method,
      params: [address, ...(method === PROOF ? [[]] : []), 'latest'],
    });
  const known = { ...network.contracts, ...added };
  const addressOf = (name: FurtherContract) => known[name] ?? ZERO_ADDRESS;
  const founding = { registry, addressOf, terms: claimTermsOf(network) };
  const data = names.map((name) => furtherCreation(name, founding));
  const code = String(await read(registry, 'eth_getCode')) as `0x${string}`;
  const present = [{ address: registry, code }];
  // Nothing in the contracts follows from the account that creates them.
  const created: readonly CreatedContract[] = await codeOfCreations(
    data,
    ZERO_ADDRESS,
    chainId,
    primitives,
    present,
  ).catch(() => []);
  for (const [place, contract] of names.entries()) {
    const address = addressOf(contract);
    const at = `the contract ${contract} at ${address}`;
    const found = await read(address, 'eth_getCode');
    if (found === '0x') return { contract, reason: `${at} is not on the ledger` };
    const expected = created[place];
    if (expected === undefined || found !== expected.code) {
      const reason = `${at} is not the one that this version of Medseal creates for the network`;
      return { contract, reason };
    }
    if (!isFresh) continue;
    if (chain === undefined) {
      const proof = (await read(address, PROOF)) as { readonly storageHash?: unknown };
      if (proof.storageHash === expected.storageRoot) continue;
    } else if (!(await isUsed(ledger, address))) continue;
    return { contract, reason: `${at} holds more than its creation leaves: create it again` };
  }
  return undefined;
}

const PROOF = 'eth_getProof';

/**
 * Requires that the contracts which a successor adds are on the ledger, as this version of Medseal creates them.
 *
 * @param source - The ledger.
 * @param successor - The successor.
 * @param isFresh - True if nobody is to have used them yet: before anybody signs.
 * @throws MedsealError `SUCCESSOR_INVALID` with the reason; of the ledger.
 */
export async function requireCreated(
  source: CreatedSource,
  { contracts }: Pick<Successor, 'contracts'>,
  isFresh = false,
): Promise<void> {
  if (contracts === undefined) return;
  const other = await findOtherAdded(source, contracts, isFresh);
  if (other === undefined) return;
  throw new MedsealError('SUCCESSOR_INVALID', { reason: other.reason });
}
