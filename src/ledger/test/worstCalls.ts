import type { Hex } from '../../protocol/ids.ts';
import { assemble } from './assemble.ts';

/** One call of a ledger that is made to take as long as it can. */
export interface WorstCall {
  readonly name: string;
  readonly method: string;
  readonly params: readonly unknown[];
}

/** Nearly as much memory as the gas of a transaction pays for, bytes. */
const WIDE = 2_600_000;
const MEGABYTE = 2 ** 20;

/**
 * Calls that each take as long as one can: every precompile with what costs it most, opcodes over wide memory, many
 * cheap ones in a loop, deep calls, long parameters.
 */
export function worstCalls(): readonly WorstCall[] {
  const loops = { ...worstLoops(), ...assembled(WIDE_LOOPS) };
  const code = Object.entries(loops).map(([name, data]) => estimate(name, data));
  const precompiles = Object.entries(PRECOMPILES).map(([name, [address, input]]) =>
    estimate(`precompile ${name}`, callPrecompile(address, input)),
  );
  const long: Hex = `0x${'ab'.repeat(7_000_000)}`;
  return [
    ...precompiles,
    ...code,
    {
      name: 'a call with 7 MB of data',
      method: 'eth_call',
      params: [{ to: SOMEBODY, data: long }],
    },
    estimate('an estimate with 7 MB of data', long),
    { name: 'a transaction of 7 MB', method: 'eth_sendRawTransaction', params: [long] },
    { name: 'the hash of 7 MB', method: 'web3_sha3', params: [long] },
    { name: 'history of 1,024 blocks', method: 'eth_feeHistory', params: ['0x400', 'latest', []] },
    {
      name: 'a proof of 1,024 slots',
      method: 'eth_getProof',
      params: [SOMEBODY, Array.from({ length: 1024 }, (_, at) => `0x${at.toString(16)}`), 'latest'],
    },
    {
      name: 'logs with 1,000 topics',
      method: 'eth_getLogs',
      params: [
        {
          fromBlock: '0x0',
          topics: [
            Array.from({ length: 1000 }, (_, at) => `0x${at.toString(16).padStart(64, '0')}`),
          ],
        },
      ],
    },
  ];
}

const SOMEBODY: Hex = `0x${'5b'.repeat(20)}`;

/** Code that runs as the creation of a contract. */
const code0 = (source: string): Hex => assemble(source).runtime;

function estimate(name: string, data: Hex): WorstCall {
  return { name, method: 'eth_estimateGas', params: [{ data }] };
}

/** Loops until the gas is used up, of what can be done often with little gas. */
const LOOPS: Readonly<Record<string, string>> = {
  'an empty loop': 'again: @again JUMP',
  'KECCAK256 over a quarter of a megabyte': `again: ${MEGABYTE / 4} 0 KECCAK256 POP @again JUMP`,
  'SHA-256 over a quarter of a megabyte': `again: 32 0 ${MEGABYTE / 4} 0 2 GAS STATICCALL POP @again JUMP`,
  'recovery of signers': `${RECOVERABLE()} again: 32 0 128 0 1 GAS STATICCALL POP @again JUMP`,
  'EXP with wide exponents': `again: ${2n ** 256n - 1n} ${2n ** 256n - 3n} EXP POP @again JUMP`,
  'memory that grows by pages': `again: 1 MSIZE 8160 ADD MSTORE @again JUMP`,
  'creations with wide code': `${0x6003565bn << 224n} 0 MSTORE again: 49152 0 0 CREATE POP @again JUMP`,
  'balances of everybody': `again: GAS BALANCE POP @again JUMP`,
  'slots of everything': `again: GAS SLOAD POP @again JUMP`,
  'slots written': `again: 1 GAS SSTORE @again JUMP`,
  'hashes of blocks': `again: 1 NUMBER SUB BLOCKHASH POP @again JUMP`,
};

/** Code whose preparation takes most of a transaction's gas. */
const WIDE_LOOPS: Readonly<Record<string, string>> = {
  'KECCAK256 over wide memory': `again: ${WIDE} 0 KECCAK256 POP @again JUMP`,
  'SHA-256 over wide memory': `again: 32 0 ${WIDE} 0 2 GAS STATICCALL POP @again JUMP`,
  'identity over wide memory': `again: 32 0 ${WIDE} 0 4 GAS STATICCALL POP @again JUMP`,
  'MCOPY in wide memory': `again: ${WIDE} 32 0 MCOPY @again JUMP`,
  'LOG0 of wide memory': `again: ${WIDE / 4} 0 LOG0 @again JUMP`,
  'calls of accounts that are not there': `again: 0 0 ${WIDE} 0 0 GAS 9999 CALL POP @again JUMP`,
  'calls within calls': `0 0 0 0 0 ADDRESS GAS CALL`,
  'creations of what creates': `32 0 0 CODECOPY 32 0 0 CREATE 32 0 0 CREATE`,
};

function assembled(loops: Readonly<Record<string, string>>): Readonly<Record<string, Hex>> {
  return Object.fromEntries(
    Object.entries(loops).map(([name, source]) => [name, assemble(source).runtime]),
  );
}

/** Code that runs until its gas is used up, by what it does. */
export function worstLoops(): Readonly<Record<string, Hex>> {
  return assembled(LOOPS);
}

/** A digest and a signature, in memory where the precompile looks for them. */
function RECOVERABLE(): string {
  return `1 0 MSTORE 27 32 MSTORE 1 64 MSTORE 1 96 MSTORE`;
}

const word = (value: bigint): string => value.toString(16).padStart(64, '0');

/** Address and input of what costs each precompile most. */
const PRECOMPILES: Readonly<Record<string, readonly [number, string]>> = {
  'blake2f of 16 M rounds': [9, `00f00000${'00'.repeat(208)}01`],
  modexp: [5, word(1024n) + word(1024n) + word(1024n) + 'ff'.repeat(3072)],
  ripemd160: [3, 'ab'.repeat(20_000)],
  'bn254 addition': [6, word(1n) + word(2n) + word(1n) + word(2n)],
  'bn254 multiplication': [7, word(1n) + word(2n) + word(2n ** 256n - 1n)],
  'bn254 pairings': [8, (word(1n) + word(2n) + G2_BN254()).repeat(115)],
  'point evaluation': [10, '01' + 'ab'.repeat(191)],
  'BLS pairings': [15, (word(0n).repeat(4) + word(0n).repeat(8)).repeat(100)],
  'BLS map to G2': [17, word(7n).repeat(4)],
  p256verify: [256, word(1n).repeat(5)],
};

function G2_BN254(): string {
  return [
    0x198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2n,
    0x1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6edn,
    0x090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975bn,
    0x12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daan,
  ]
    .map(word)
    .join('');
}

/** Calls a precompile with an input that lies behind the code, again and again. */
function callPrecompile(address: number, input: string): Hex {
  const length = input.length / 2;
  const program = (start: number): Hex =>
    code0(
      `${length} ${start + 0x10000} 0 CODECOPY again: 32 0 ${length} 0 ${address} GAS STATICCALL POP @again JUMP`,
    );
  const size = program(0).length / 2 - 1;
  const patched = program(size)
    .slice(2)
    .replace((size + 0x10000).toString(16).padStart(6, '0'), size.toString(16).padStart(6, '0'));
  return `0x${patched}${input}`;
}
