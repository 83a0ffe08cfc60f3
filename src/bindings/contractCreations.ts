import { encodeDeployData, getContractAddress } from 'viem/utils';
import { DEFAULT_CHANGE_DELAY } from '../protocol/network/changeDelayOf.ts';
import { DEFAULT_CLAIM_TERMS } from '../protocol/care/claimTermsOf.ts';
import { DEFAULT_LONGEST_RIGHT } from '../protocol/network/longestRightOf.ts';
import { organisationId } from '../protocol/network/networkLookups.ts';
import {
  ZERO_ADDRESS,
  type Address,
  type Bytes32,
  type Hex,
  type Organisation,
} from '../protocol/ids.ts';
import type { FurtherContract } from '../protocol/network/furtherContracts.ts';
import type { ClaimTerms, Member } from '../protocol/network/NetworkFile.ts';
import { claimsAbi } from './generated/claimsAbi.ts';
import { claimsBytecode } from './generated/claimsBytecode.ts';
import { consentAbi } from './generated/consentAbi.ts';
import { consentBytecode } from './generated/consentBytecode.ts';
import { evidenceAbi } from './generated/evidenceAbi.ts';
import { evidenceBytecode } from './generated/evidenceBytecode.ts';
import { mandatesAbi } from './generated/mandatesAbi.ts';
import { mandatesBytecode } from './generated/mandatesBytecode.ts';
import { prescriptionsAbi } from './generated/prescriptionsAbi.ts';
import { prescriptionsBytecode } from './generated/prescriptionsBytecode.ts';
import { registryAbi } from './generated/registryAbi.ts';
import { registryBytecode } from './generated/registryBytecode.ts';
import { settlementAbi } from './generated/settlementAbi.ts';
import { settlementBytecode } from './generated/settlementBytecode.ts';
import { validatorsAbi } from './generated/validatorsAbi.ts';
import { validatorsBytecode } from './generated/validatorsBytecode.ts';
import { vitalRecordsAbi } from './generated/vitalRecordsAbi.ts';
import { vitalRecordsBytecode } from './generated/vitalRecordsBytecode.ts';

/** An office that organisations hold together, and its threshold: over half. */
export interface FoundingOffice {
  readonly threshold: number;
  readonly members: readonly Member[];
}

/** The stake that an organisation's validator begins with. */
export interface FoundingStake {
  readonly organisation: Organisation;
  /** The Ed25519 public key that it signs blocks with. */
  readonly key: Bytes32;
  /** Share of power, 1 to 10^9. */
  readonly amount: number;
}

/** Options of `contractCreations`: a new network. */
export interface ContractFounding {
  /** 32 random bytes that no other network has. */
  readonly networkId: Bytes32;
  /** The office that enrols. */
  readonly authority: FoundingOffice;
  /** The office that judges evidence. */
  readonly coordinators: FoundingOffice;
  /** Seconds between the beginning and the earliest end of a key recovery or of an office's change; 3 days if absent. */
  readonly delay?: number;
  /** Longest duration of a right, seconds; ten years if absent. */
  readonly longestRight?: number;
  /** Stakes of a consortium's validators; absent if the ledger is one node. */
  readonly stakes?: readonly FoundingStake[];
  /** Terms of claims; thirty days if absent. */
  readonly claims?: ClaimTerms;
  /** Care contracts, in the order of `FURTHER_CONTRACTS`; none if absent. */
  readonly further?: readonly FurtherContract[];
  /** Sender of the creating transactions. */
  readonly deployer: Address;
  /** The deployer's nonce for the first of them; the others follow it. */
  readonly nonce: number;
}

/** A transaction that creates a contract. */
export interface ContractCreation {
  readonly contract: 'registry' | 'consent' | 'evidence' | 'validators' | FurtherContract;
  /** Address that the contract will have. */
  readonly address: Address;
  /** Creation code and constructor arguments. */
  readonly data: Hex;
}

/** Codes that create care contracts, without the values that they begin with, in the order of `FURTHER_CONTRACTS`. */
export const furtherCodes: Readonly<Record<FurtherContract, Hex>> = {
  prescriptions: prescriptionsBytecode,
  vitalRecords: vitalRecordsBytecode,
  settlement: settlementBytecode,
  claims: claimsBytecode,
  mandates: mandatesBytecode,
};

/** Codes that create the contracts which every channel has. */
const everyChannelsCodes: readonly Hex[] = [registryBytecode, consentBytecode, evidenceBytecode];

/**
 * Codes that create the contracts which a further channel has on a ledger, without the values that they begin with. An earlier
 * version had as many first ones of them as there were contracts, and the first state of its consortia follows from those: new ones
 * come at the end, and none changes.
 */
export const channelCodes: readonly Hex[] = [...everyChannelsCodes, ...Object.values(furtherCodes)];

/** The fewest codes that a version had. */
export const FEWEST_CODES = everyChannelsCodes.length;

/**
 * Returns the address of a contract that an account creates.
 *
 * @param from - The account.
 * @param nonce - Nonce of the creating transaction.
 */
export function createdAddress(from: Address, nonce: number): Address {
  return getContractAddress({ from, nonce: BigInt(nonce) }).toLowerCase() as Address;
}

/**
 * The transactions that create a network's contracts, to be sent in this order with consecutive nonces.
 *
 * @param founding - The network to found.
 * @returns Registry, Consent, Evidence; Validators if the founding has stakes; then the care contracts.
 */
export function contractCreations(founding: ContractFounding): readonly ContractCreation[] {
  const { networkId, authority, coordinators, delay = DEFAULT_CHANGE_DELAY } = founding;
  const { stakes, further = [], claims = DEFAULT_CLAIM_TERMS } = founding;
  const first = stakes === undefined ? 3 : 4;
  const longestRight = BigInt(founding.longestRight ?? DEFAULT_LONGEST_RIGHT);
  const addressAt = (offset: number): Address =>
    createdAddress(founding.deployer, founding.nonce + offset);
  const registry = addressAt(0);
  const addressOf = (name: FurtherContract): Address => addressAt(first + further.indexOf(name));
  // Consent names the contract of acting keys for good: one that comes later would be asked by nobody.
  const mandates = further.includes('mandates') ? addressOf('mandates') : ZERO_ADDRESS;
  return [
    {
      contract: 'registry',
      address: registry,
      data: encodeDeployData({
        abi: registryAbi,
        bytecode: registryBytecode,
        args: [
          networkId,
          authority.members.map(seatOf),
          authority.threshold,
          coordinators.members.map(seatOf),
          coordinators.threshold,
          delay,
        ],
      }),
    },
    {
      contract: 'consent',
      address: addressAt(1),
      data: encodeDeployData({
        abi: consentAbi,
        bytecode: consentBytecode,
        args: [registry, mandates, longestRight],
      }),
    },
    {
      contract: 'evidence',
      address: addressAt(2),
      data: encodeDeployData({ abi: evidenceAbi, bytecode: evidenceBytecode, args: [registry] }),
    },
    ...(stakes === undefined
      ? []
      : [
          {
            contract: 'validators',
            address: addressAt(3),
            data: validatorsData(registry, stakes),
          } as const,
        ]),
    ...further.map((contract, place) => {
      const data = furtherCreation(contract, { registry, addressOf, terms: claims });
      return { contract, address: addressAt(first + place), data };
    }),
  ];
}

/** Values that a care contract is created with. */
export interface CareFounding {
  readonly registry: Address;
  /** Returns the address of another care contract that it is to know. */
  readonly addressOf: (contract: FurtherContract) => Address;
  readonly terms: ClaimTerms;
}

/**
 * Returns the data of the transaction that creates a care contract.
 *
 * @param contract - Name of the contract.
 * @param founding - Values that it is created with.
 */
export function furtherCreation(contract: FurtherContract, founding: CareFounding): Hex {
  return careData[contract](founding);
}

/** Data of the transaction that creates each care contract. */
const careData: Readonly<Record<FurtherContract, (founding: CareFounding) => Hex>> = {
  prescriptions: ({ registry }) =>
    encodeDeployData({ abi: prescriptionsAbi, bytecode: prescriptionsBytecode, args: [registry] }),
  vitalRecords: ({ registry }) =>
    encodeDeployData({ abi: vitalRecordsAbi, bytecode: vitalRecordsBytecode, args: [registry] }),
  settlement: ({ registry, addressOf }) =>
    encodeDeployData({
      abi: settlementAbi,
      bytecode: settlementBytecode,
      args: [registry, addressOf('claims')],
    }),
  claims: ({ registry, addressOf, terms }) =>
    encodeDeployData({
      abi: claimsAbi,
      bytecode: claimsBytecode,
      args: [registry, addressOf('settlement'), terms.term],
    }),
  mandates: ({ registry }) =>
    encodeDeployData({ abi: mandatesAbi, bytecode: mandatesBytecode, args: [registry] }),
};

function validatorsData(registry: Address, stakes: readonly FoundingStake[]): Hex {
  const founders = stakes.map(({ organisation, key, amount }) => {
    return { organisation: organisationId(organisation), key, amount: BigInt(amount) };
  });
  return encodeDeployData({
    abi: validatorsAbi,
    bytecode: validatorsBytecode,
    args: [registry, founders],
  });
}

function seatOf({ address, organisation }: Member): { holder: Address; organisation: Bytes32 } {
  return { holder: address, organisation: organisationId(organisation) };
}
