import { ZERO32, type Bytes32 } from '../ids.ts';
import { BYTES32, MapOf } from '../wire/findShapeError.ts';
import { isOfShape } from '../wire/isOfShape.ts';

/** A change of the engine's program at all validators of a network at one block. */
export interface EngineUpgrade {
  /** First block that the programs carry out. */
  readonly height: number;
  /** SHA-256 of the program's file for each platform, as `system/machine` in the words of Go: `linux/amd64`. */
  readonly programs: Readonly<Record<string, Bytes32>>;
}

/** Name of a platform, as the engine takes it. */
export const PLATFORM = /^[a-z0-9]{1,16}\/[a-z0-9]{1,16}$/;
/** The most platforms that an upgrade names. */
export const MOST_PLATFORMS = 8;

/** Shape of an `EngineUpgrade`. */
export const ENGINE_UPGRADE = { height: 'count', programs: new MapOf(PLATFORM, BYTES32) } as const;

/**
 * Tells whether a value is an upgrade that the engine can be told of.
 *
 * @param value - Decoded from JSON.
 */
export function isEngineUpgrade(value: unknown): value is EngineUpgrade {
  if (!isOfShape(ENGINE_UPGRADE, value)) return false;
  const hashes = Object.values(value.programs);
  const isSome = hashes.length > 0 && hashes.length <= MOST_PLATFORMS;
  return isSome && !hashes.includes(ZERO32) && value.height > 1;
}

/**
 * Tells whether two upgrades are the same: block and all programs.
 *
 * @param one - An upgrade.
 * @param other - Another, or none.
 */
export function isSameUpgrade(one: EngineUpgrade, other: EngineUpgrade | undefined): boolean {
  return other !== undefined && upgradeText(one) === upgradeText(other);
}

/**
 * Returns an upgrade in the one form in which organisations state it on the ledger.
 *
 * @param upgrade - The upgrade.
 */
export function upgradeText({ height, programs }: EngineUpgrade): string {
  const sorted = Object.entries(programs).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return JSON.stringify({ height, programs: Object.fromEntries(sorted) });
}
