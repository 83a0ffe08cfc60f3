import type { Hex } from '../../protocol/ids.ts';
import { assemble } from './assemble.ts';

/**
 * A contract that shows what an engine does. Its calldata is words: which part of it, and that part's arguments.
 */
const { creation, runtime } = assemble(`
  0 CALLDATALOAD
  1 0 CALLDATALOAD EQ @set JUMPI
  2 0 CALLDATALOAD EQ @get JUMPI
  3 0 CALLDATALOAD EQ @time JUMPI
  4 0 CALLDATALOAD EQ @refuse JUMPI
  5 0 CALLDATALOAD EQ @hash JUMPI
  6 0 CALLDATALOAD EQ @nested JUMPI
  7 0 CALLDATALOAD EQ @spin JUMPI
  8 0 CALLDATALOAD EQ @gas JUMPI
  STOP

  set:
    64 CALLDATALOAD 32 CALLDATALOAD SSTORE
    64 CALLDATALOAD 0 MSTORE
    64 CALLDATALOAD 32 CALLDATALOAD 32 0 LOG2
    STOP
  get:
    32 CALLDATALOAD SLOAD 0 MSTORE 32 0 RETURN
  time:
    TIMESTAMP 0 MSTORE NUMBER 32 MSTORE 64 0 RETURN
  refuse:
    4 32 0 CALLDATACOPY 4 0 REVERT
  hash:
    32 CALLDATALOAD BLOCKHASH 0 MSTORE 32 0 RETURN
  nested:
    1 0 MSTORE 32 CALLDATALOAD 32 MSTORE 64 CALLDATALOAD 64 MSTORE
    0 0 96 0 0 ADDRESS GAS CALL @done JUMPI 0 0 REVERT
  done:
    STOP
  spin:
    @spin JUMP
  gas:
    GAS 0 MSTORE 32 0 RETURN
`);

/** The probe's code, and the code that creates it. */
export const probe: { readonly creation: Hex; readonly runtime: Hex } = { creation, runtime };

/** Stores a value, and logs it: topics slot and value, data the value. */
export const set = (slot: bigint, value: bigint): Hex => words(1n, slot, value);
/** Returns a slot. */
export const get = (slot: bigint): Hex => words(2n, slot);
/** Returns block timestamp and number. */
export const time = (): Hex => words(3n);
/** Reverts with a selector. */
export const refuse = (selector: Hex): Hex => words(4n, BigInt(selector) << 224n);
/** Returns a block's hash. */
export const hashOf = (number: bigint): Hex => words(5n, number);
/** Stores a value by a call to itself. */
export const nested = (slot: bigint, value: bigint): Hex => words(6n, slot, value);
/** Runs until the gas is used up. */
export const spin = (): Hex => words(7n);

/** Returns the gas that is left. */
export const gasLeft = (): Hex => words(8n);

/** Numbers as 32-byte words. */
export function words(...values: readonly bigint[]): Hex {
  return `0x${values.map((value) => value.toString(16).padStart(64, '0')).join('')}`;
}
