import { channelCodes } from '../../bindings/contractCreations.ts';
import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import type { Address, Bytes32, Hex, Organisation } from '../../protocol/ids.ts';
import type { ContractCode } from '../../protocol/network/engineUpgrade.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { creationsOf } from '../founding/creationsOf.ts';

/** Terms that the chain of a consortium's validators begins with; `engine/founding/terms.go` reads them. */
export interface EngineTerms {
  readonly networkId: Bytes32;
  /** EIP-155 chain id. */
  readonly chainId: number;
  /** Unix seconds. */
  readonly time: number;
  /** The contract that says who may send. */
  readonly registry: Address;
  /** The contract that hands out stake. */
  readonly validators: Address;
  /** The founders' accounts; the first one creates the contracts. */
  readonly senders: readonly Address[];
  /** keccak256 of the data of the transactions that create the contracts. */
  readonly creations: readonly Bytes32[];
  /** The codes that create contracts later, for further channels: length in bytes, and keccak256. No account creates others. */
  readonly codes: readonly ContractCode[];
  readonly stakes: readonly {
    readonly organisation: Organisation;
    readonly key: Bytes32;
    readonly stake: number;
  }[];
}

/**
 * Derives what the chain of a network's validators begins with from the network file. Everybody derives the same.
 *
 * @param network - The network file; the chain's name is not read.
 * @param primitives - Hashes.
 * @param count - Number of the codes that the version had which founded it; all of this one if absent.
 */
export function engineTermsOf(
  network: NetworkFile,
  primitives: Pick<Primitives, 'keccak256'>,
  count = channelCodes.length,
): EngineTerms {
  const { networkId, ledger, founders = [], contracts } = network;
  const [first] = founders;
  if (first === undefined || contracts.validators === undefined) {
    throw new Error('the network’s ledger is at one organisation');
  }
  return {
    networkId,
    chainId: ledger.chainId,
    time: ledger.timestamp ?? 0,
    registry: contracts.registry,
    validators: contracts.validators,
    senders: founders.map(({ sender }) => sender),
    creations: creationsOf(network, first.sender).map(({ data }) =>
      bytesToHex(primitives.keccak256(hexToBytes(data))),
    ),
    codes: codesOf(channelCodes.slice(0, count), primitives),
    stakes: founders.flatMap(({ organisation, validator }) =>
      validator === undefined ? [] : [{ organisation, key: validator.key, stake: validator.stake }],
    ),
  };
}

/**
 * Names codes that create contracts, as the engine's terms do.
 *
 * @param codes - Creation codes without arguments.
 * @param primitives - Hashes.
 */
export function codesOf(
  codes: readonly Hex[],
  primitives: Pick<Primitives, 'keccak256'>,
): readonly ContractCode[] {
  return codes.map((code) => {
    const bytes = hexToBytes(code);
    return { length: bytes.length, hash: bytesToHex(primitives.keccak256(bytes)) };
  });
}
