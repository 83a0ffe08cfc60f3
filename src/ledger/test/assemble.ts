import type { Hex } from '../../protocol/ids.ts';

const OPCODES: Readonly<Record<string, string>> = {
  STOP: '00',
  ADD: '01',
  SUB: '03',
  EXP: '0a',
  LT: '10',
  EQ: '14',
  KECCAK256: '20',
  ADDRESS: '30',
  BALANCE: '31',
  CALLER: '33',
  CALLDATALOAD: '35',
  CALLDATACOPY: '37',
  CODECOPY: '39',
  BLOCKHASH: '40',
  TIMESTAMP: '42',
  NUMBER: '43',
  POP: '50',
  MSTORE: '52',
  SLOAD: '54',
  SSTORE: '55',
  JUMP: '56',
  JUMPI: '57',
  MSIZE: '59',
  GAS: '5a',
  JUMPDEST: '5b',
  MCOPY: '5e',
  DUP1: '80',
  LOG0: 'a0',
  LOG2: 'a2',
  CREATE: 'f0',
  CALL: 'f1',
  RETURN: 'f3',
  STATICCALL: 'fa',
  REVERT: 'fd',
};

/**
 * Assembles EVM code: opcodes by name, numbers as they are pushed, `name:` for a place to jump to and `@name` for
 * its address.
 *
 * @param source - Words between spaces.
 * @returns The code, and code that deploys it.
 */
export function assemble(source: string): { runtime: Hex; creation: Hex } {
  const words = source.trim().split(/\s+/);
  const places = new Map<string, number>();
  let length = 0;
  for (const word of words) {
    if (word.endsWith(':')) places.set(word.slice(0, -1), length);
    length += encode(word, () => 0).length / 2;
  }
  const code = words.map((word) => encode(word, (name) => places.get(name) ?? 0)).join('');
  const size = (code.length / 2).toString(16).padStart(4, '0');
  // PUSH2 size, DUP1, PUSH1 10, PUSH0, CODECOPY, PUSH0, RETURN
  return { runtime: `0x${code}`, creation: `0x61${size}80600a5f395ff3${code}` };
}

function encode(word: string, placeOf: (name: string) => number): string {
  if (word.endsWith(':')) return '5b';
  if (word.startsWith('@')) return `61${placeOf(word.slice(1)).toString(16).padStart(4, '0')}`;
  const opcode = OPCODES[word];
  if (opcode !== undefined) return opcode;
  const value = BigInt(word);
  if (value === 0n) return '5f';
  const digits = value.toString(16);
  const even = digits.length % 2 === 0 ? digits : `0${digits}`;
  return (0x5f + even.length / 2).toString(16) + even;
}
