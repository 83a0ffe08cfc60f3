import { CONTRACT_CODE, ENGINE_UPGRADE, PLATFORM } from '../../protocol/network/engineUpgrade.ts';
import { VALIDATOR_NODE } from '../../protocol/network/validatorShapes.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import { BYTES32 } from '../../protocol/wire/findShapeError.ts';

/** Shape of a build of the engine. */
export const ENGINE_PROGRAM = { version: 'text', sha256: BYTES32, platform: PLATFORM } as const;

/** A build of the engine: its version, the SHA-256 of its file, and the platform it is for. */
export type EngineProgram = Of<typeof ENGINE_PROGRAM>;

/** Shape of what an engine tells of programs every few seconds. */
export const PROGRAMS_TOLD = {
  program: ENGINE_PROGRAM,
  others: [{ node: VALIDATOR_NODE, ...ENGINE_PROGRAM }],
  silent: [VALIDATOR_NODE],
  upgrades: {
    'inForce?': ENGINE_UPGRADE,
    'lapsed?': { plan: ENGINE_UPGRADE, stated: ['text'] },
    statements: [{ organisation: 'text', key: BYTES32, plan: ENGINE_UPGRADE }],
    'codes?': [CONTRACT_CODE],
  },
} as const;

/**
 * Report of an engine on programs: its own, those of the nodes that it is connected with, the nodes of these that say none (`silent`), and of upgrades the one in force, the
 * last one that `lapsed` for want of statements, what validators stated about blocks to come, each with its `key`, and the `codes` that
 * create contracts now; an engine that takes no further ones does not say these.
 */
export type ProgramsTold = Of<typeof PROGRAMS_TOLD>;
