import { ZERO32, type Bytes32 } from '../ids.ts';
import { PARAMETER_BOUNDS } from '../vocabulary.ts';
import { BYTES32, MapOf } from '../wire/findShapeError.ts';
import { isOfShape } from '../wire/isOfShape.ts';

/**
 * A change of the engine's program, of the chain's parameters, or of the codes that create contracts, at all validators of a network at
 * one block.
 */
export interface EngineUpgrade {
  /** First block that the programs carry out. */
  readonly height: number;
  /** SHA-256 of the program's file for each platform, as `system/machine` in the words of Go: `linux/amd64`. */
  readonly programs: Readonly<Record<string, Bytes32>>;
  /** Parameters of the chain that change at that block; absent if all stay. */
  readonly parameters?: ChainParameters;
  /** Codes that create contracts from that block on, beside those of before; ascending by hash. Absent if there are no more. */
  readonly codes?: readonly ContractCode[];
}

/** The beginning of the data of a transaction that creates a contract. */
export interface ContractCode {
  /** Bytes. */
  readonly length: number;
  /** keccak256 of these bytes. */
  readonly hash: Bytes32;
}

/** Parameters of the chain; absent of those that stay. */
export interface ChainParameters {
  /** The most gas of a block. */
  readonly blockGas?: number;
  /** Number of the newest blocks over which absence is counted. */
  readonly absenceWindow?: number;
}

/** Name of a platform, as the engine takes it. */
export const PLATFORM = /^[a-z0-9]{1,16}\/[a-z0-9]{1,16}$/;
/** The most platforms that an upgrade names. */
export const MOST_PLATFORMS = 8;
/** The most codes that an upgrade names. */
const MOST_CODES = 8;
/** The most bytes of a code that creates a contract (EIP-3860). */
const LONGEST_CODE = 49_152;

/** Shape of a `ContractCode`. */
export const CONTRACT_CODE = { length: 'count', hash: BYTES32 } as const;

/** Shape of an `EngineUpgrade`. */
export const ENGINE_UPGRADE = {
  height: 'count',
  programs: new MapOf(PLATFORM, BYTES32),
  'parameters?': { 'blockGas?': 'count', 'absenceWindow?': 'count' },
  'codes?': [CONTRACT_CODE],
} as const;

/**
 * Tells whether a value is an upgrade that the engine can be told of.
 *
 * @param value - Decoded from JSON.
 */
export function isEngineUpgrade(value: unknown): value is EngineUpgrade {
  if (!isOfShape(ENGINE_UPGRADE, value)) return false;
  const hashes = Object.values(value.programs);
  const isSome = hashes.length > 0 && hashes.length <= MOST_PLATFORMS;
  const { parameters, codes } = value;
  const isBounded = parameters === undefined || areParameters(parameters);
  const areTaken = codes === undefined || areCodes(codes);
  return isSome && !hashes.includes(ZERO32) && value.height > 1 && isBounded && areTaken;
}

/** Tells whether codes are in the one form in which they are stated, and there is one. */
function areCodes(codes: readonly ContractCode[]): boolean {
  const isSome = codes.length > 0 && codes.length <= MOST_CODES;
  return (
    isSome &&
    codes.every(({ length, hash }, place) => {
      const before = codes[place - 1]?.hash ?? ZERO32;
      return length > 0 && length <= LONGEST_CODE && hash > before;
    })
  );
}

/** Tells whether a chain can have parameters, and there is one. */
function areParameters(parameters: ChainParameters): boolean {
  const given = parametersIn(parameters);
  return (
    given.length > 0 &&
    given.every(([name, value]) => {
      const { least, most } = PARAMETER_BOUNDS[name];
      return value >= least && value <= most;
    })
  );
}

/**
 * Lists the parameters that change, in the one order in which they are stated.
 *
 * @param parameters - The parameters, or none.
 */
export function parametersIn(
  parameters: ChainParameters = {},
): readonly (readonly [keyof ChainParameters, number])[] {
  return (['blockGas', 'absenceWindow'] as const).flatMap((name) => {
    const value = parameters[name];
    return value === undefined ? [] : [[name, value] as const];
  });
}

/**
 * Tells whether two upgrades are the same: block, all programs, parameters and codes.
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
export function upgradeText({ height, programs, parameters, codes }: EngineUpgrade): string {
  const sorted = Object.entries(programs).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return JSON.stringify({
    height,
    programs: Object.fromEntries(sorted),
    ...(parameters && { parameters: Object.fromEntries(parametersIn(parameters)) }),
    ...(codes && { codes: codes.map(({ length, hash }) => ({ length, hash })) }),
  });
}
