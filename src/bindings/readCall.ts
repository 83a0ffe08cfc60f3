import type { AbiParameter } from 'viem';
import { decodeFunctionData } from 'viem/utils';
import { claimsAbi } from './generated/claimsAbi.ts';
import { consentAbi } from './generated/consentAbi.ts';
import { evidenceAbi } from './generated/evidenceAbi.ts';
import { mandatesAbi } from './generated/mandatesAbi.ts';
import { prescriptionsAbi } from './generated/prescriptionsAbi.ts';
import { registryAbi } from './generated/registryAbi.ts';
import { settlementAbi } from './generated/settlementAbi.ts';
import { validatorsAbi } from './generated/validatorsAbi.ts';
import { vitalRecordsAbi } from './generated/vitalRecordsAbi.ts';

/** Value of a call's argument: hexadecimal, a number, a text, a list, or fields by name. */
export type CallValue =
  string | number | boolean | readonly CallValue[] | { readonly [field: string]: CallValue };

/** A call of a network's contract, decoded by its ABI. */
export interface ContractCall {
  /** Name of the contract. */
  readonly contract: (typeof ABIS)[number][0];
  /** Name of the function. */
  readonly name: string;
  /** The arguments in their order. */
  readonly values: readonly { readonly name: string; readonly value: CallValue }[];
}

const ABIS = [
  ['Registry', registryAbi],
  ['Consent', consentAbi],
  ['Evidence', evidenceAbi],
  ['Validators', validatorsAbi],
  ['Prescriptions', prescriptionsAbi],
  ['VitalRecords', vitalRecordsAbi],
  ['Settlement', settlementAbi],
  ['Claims', claimsAbi],
  ['Mandates', mandatesAbi],
] as const;

/**
 * Decodes the calldata of a transaction to one of a network's contracts.
 *
 * @param data - Calldata, not trusted.
 * @returns Undefined if it is not a call of theirs.
 */
export function readCall(data: unknown): ContractCall | undefined {
  if (typeof data !== 'string' || !/^0x(?:[0-9a-f]{2}){4,}$/.test(data)) return undefined;
  for (const [contract, abi] of ABIS) {
    try {
      const { functionName, args } = decodeFunctionData({ abi, data: data as `0x${string}` });
      const item = abi.find((each) => each.type === 'function' && each.name === functionName);
      const inputs: readonly AbiParameter[] =
        item !== undefined && 'inputs' in item ? item.inputs : [];
      const values = inputs.map(({ name = '' }, place) => ({ name, value: plain(args[place]) }));
      return { contract, name: functionName, values };
    } catch {
      // It may be a call of another one.
    }
  }
  return undefined;
}

function plain(value: unknown): CallValue {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value.toString();
  }
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)]));
  }
  if (typeof value === 'string') return value.startsWith('0x') ? value.toLowerCase() : value;
  return typeof value === 'boolean' || typeof value === 'number' ? value : String(value);
}
