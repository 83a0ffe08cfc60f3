import { concat, keccak256, numberToHex, stringToHex } from 'viem/utils';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Address, Bytes32 } from '../protocol/ids.ts';
import type { LedgerProvider } from './LedgerProvider.ts';
import type { OfficeName } from './RuleEvent.ts';

/** Slots of `_pendingOffices` in `Registry.sol` and of `_pending` in `Validators.sol`: no call returns what they hold. */
const PENDING_OFFICES = 1;
const PENDING_STAKES = 2;

/**
 * Reads the EIP-712 hash of the change of an office that was begun and is not finished; zero if nothing is under way.
 *
 * @param provider - The ledger.
 * @param registry - The contract.
 * @param office - The office.
 */
export async function readBegunOffice(
  provider: LedgerProvider,
  registry: Address,
  office: OfficeName,
): Promise<Bytes32> {
  return await readEntry(provider, registry, keccak256(stringToHex(office)), PENDING_OFFICES);
}

/**
 * Reads the first second at which the change of an office that was begun can be finished; 0 if nothing is under way.
 *
 * @param provider - The ledger.
 * @param registry - The contract.
 * @param office - The office.
 */
export async function readOfficeReadyAt(
  provider: LedgerProvider,
  registry: Address,
  office: OfficeName,
): Promise<number> {
  const name = keccak256(stringToHex(office));
  return Number(BigInt(await readEntry(provider, registry, name, PENDING_OFFICES, 1n)));
}

/**
 * Reads the EIP-712 hash of the change of a validator's stake that was begun last, finished or not; zero before the first.
 *
 * @param provider - The ledger.
 * @param validators - The contract.
 * @param key - Ed25519 public key of the validator.
 */
export async function readBegunStake(
  provider: LedgerProvider,
  validators: Address,
  key: Bytes32,
): Promise<Bytes32> {
  return await readEntry(provider, validators, key, PENDING_STAKES);
}

/**
 * Reads the first second at which the change of a stake that was begun last can be finished; 0 once it is finished.
 *
 * @param provider - The ledger.
 * @param validators - The contract.
 * @param key - Ed25519 public key of the validator.
 */
export async function readStakeReadyAt(
  provider: LedgerProvider,
  validators: Address,
  key: Bytes32,
): Promise<number> {
  // Behind the eight bytes of the number.
  const word = await readEntry(provider, validators, key, PENDING_STAKES, 1n);
  return Number((BigInt(word) >> 64n) & 0xff_ffff_ffffn);
}

/** A word of a mapping's entry. */
async function readEntry(
  provider: LedgerProvider,
  contract: Address,
  key: Bytes32,
  slot: number,
  word = 0n,
): Promise<Bytes32> {
  const first = BigInt(keccak256(concat([key, numberToHex(slot, { size: 32 })])));
  const place = numberToHex(first + word, { size: 32 });
  const params = [contract, place, 'latest'];
  const value = await provider.request({ method: 'eth_getStorageAt', params });
  if (typeof value !== 'string' || !/^0x[0-9a-fA-F]{64}$/.test(value)) {
    throw new MedsealError('PEER_MALFORMED', { what: 'ledger answer' });
  }
  return value.toLowerCase() as Bytes32;
}
