import type { Abi } from 'viem';

/** A parameter as the compiler describes it: it names the struct that a tuple is. */
interface Compiled {
  readonly type: string;
  readonly name?: string | undefined;
  readonly internalType?: string | undefined;
  readonly indexed?: boolean | undefined;
  readonly components?: readonly Compiled[];
}

/**
 * Writes an ABI as Solidity declarations, a line each, as `parseAbi` reads them: structs first, each under its name.
 *
 * @param abi - The compiler's ABI.
 * @returns The lines.
 */
export function abiText(abi: Abi): readonly string[] {
  const structs = new Map<string, string>();
  const parameter = (of: Compiled): string => {
    const [, isTuple, suffix = ''] = /^(tuple)?.*?((?:\[\d*\])*)$/.exec(of.type) ?? [];
    const type = isTuple === undefined ? of.type : `${struct(of)}${suffix}`;
    return [type, of.indexed === true && 'indexed', of.name].filter(Boolean).join(' ');
  };
  const list = (parameters: readonly Compiled[]): string => parameters.map(parameter).join(', ');
  const struct = (of: Compiled): string => {
    const [, name] = /^struct (?:\w+\.)?(\w+)/.exec(of.internalType ?? '') ?? [];
    if (name === undefined) throw new Error(`a tuple that is no struct: ${of.name}`);
    const fields = (of.components ?? []).map((field) => `${parameter(field)};`);
    const text = `struct ${name} { ${fields.join(' ')} }`;
    if ((structs.get(name) ?? text) !== text) throw new Error(`two structs are called ${name}`);
    structs.set(name, text);
    return name;
  };
  const lines = abi.map((item) => {
    if (item.type === 'fallback' || item.type === 'receive') throw new Error('no such function');
    if (item.type === 'constructor') return `constructor(${list(item.inputs)})`;
    const head = `${item.type} ${item.name}(${list(item.inputs)})`;
    if (item.type !== 'function') return head;
    const state = item.stateMutability === 'nonpayable' ? '' : ` ${item.stateMutability}`;
    const outputs = list(item.outputs);
    return `${head}${state}${outputs === '' ? '' : ` returns (${outputs})`}`;
  });
  return [...structs.values(), ...lines];
}
