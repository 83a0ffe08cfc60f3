import type { Abi, AbiParameter, ContractFunctionArgs, ContractFunctionName } from 'viem';
import { encodeFunctionData } from 'viem/utils';
import type { Hex } from '../protocol/ids.ts';

/** A value with numbers in place of the big ones. */
type Numbered<T> = T extends bigint
  ? number
  : T extends object
    ? { readonly [Name in keyof T]: Numbered<T[Name]> }
    : T;

/** One item of each list that a function takes. */
type Row<Lists> = {
  readonly [Place in keyof Lists]: Lists[Place] extends readonly (infer Item)[]
    ? Numbered<Item>
    : never;
};

/** A row, or a message with what is signed under it. */
type RowOrSigned<Items> = Items extends readonly [infer Message, infer Signatures]
  ? | Items
    | { readonly message: Message; readonly signature: Signatures }
    | { readonly message: Message; readonly signatures: Signatures }
  : Items;

/**
 * Calldata for a function that takes lists of the same length, such as requests and their signatures; each request is
 * taken or refused for itself.
 *
 * @param abi - ABI of the contract.
 * @param name - The function.
 * @param requests - Any number: each a message with its signature or signatures, or one item of every list.
 * @example
 * ```ts
 * encodeBatch(consentAbi, 'revoke', [sign(party, party, 'Revoke', end)]);
 * encodeBatch(registryAbi, 'finishRecoveries', [[patient]]);
 * ```
 */
export function encodeBatch<
  const Contract extends Abi,
  Name extends ContractFunctionName<Contract, 'nonpayable'>,
>(
  abi: Contract,
  name: Name,
  requests: readonly RowOrSigned<Row<ContractFunctionArgs<Contract, 'nonpayable', Name>>>[],
): Hex {
  const item = abi.find((each) => each.type === 'function' && each.name === name);
  const { inputs } = item as Extract<Abi[number], { type: 'function' }>;
  const rows = requests.map((request) => itemsOf(request));
  const args = inputs.map((input, place) =>
    valueFor(
      input,
      rows.map((row) => row[place]),
    ),
  );
  return encodeFunctionData<Abi>({ abi, functionName: name, args });
}

function itemsOf(request: object): readonly unknown[] {
  if (Array.isArray(request)) return request;
  const signed = request as { message: unknown; signature?: unknown; signatures?: unknown };
  return [signed.message, signed.signatures ?? signed.signature];
}

/** Returns a value as the encoder wants it: whole numbers of more than 48 bits are big ones. */
function valueFor(parameter: AbiParameter, value: unknown): unknown {
  const { type } = parameter;
  const list = /^(?<item>.+)\[\d*\]$/.exec(type)?.groups?.item;
  if (list !== undefined) {
    return (value as readonly unknown[]).map((item) =>
      valueFor({ ...parameter, type: list }, item),
    );
  }
  if ('components' in parameter) {
    const fields = value as Readonly<Record<string, unknown>>;
    return Object.fromEntries(
      parameter.components.map((field) => [field.name, valueFor(field, fields[field.name ?? ''])]),
    );
  }
  const isBig = type.startsWith('uint') && Number(type.slice('uint'.length)) > 48;
  return isBig ? BigInt(value as number) : value;
}
