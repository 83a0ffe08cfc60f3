import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Shape } from '../../protocol/wire/findShapeError.ts';
import { isOfShape } from '../../protocol/wire/isOfShape.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import { CHAIN_NAME } from '../../protocol/network/validatorShapes.ts';
import { writeJsonFile } from '../../folder/jsonFiles.ts';
import { openFolder } from '../../folder/openFolder.ts';
import type { EngineTerms } from './engineTermsOf.ts';

/** The engine of a consortium's ledger: a program of its own, which `engine/` has the sources of. */
export interface Engine {
  /** Path of the program. */
  readonly program: string;
  /**
   * Makes the genesis file of a network in a validator's folder.
   *
   * @param home - The validator's folder.
   * @param terms - The network's terms.
   * @returns The name of the network's chain.
   * @throws MedsealError `ENGINE_FAILED`.
   */
  found(home: string, terms: EngineTerms): Promise<string>;
}

const FOUNDED = { chain: CHAIN_NAME } as const;
/** Longest time that an answer may take, milliseconds. */
const PATIENCE = 60_000;
const run = promisify(execFile);

/** The file of a validator's folder that its chain begins with. */
export const GENESIS = 'config/genesis.json';

/**
 * Opens the engine's program.
 *
 * @param program - Its path, or its name if the shell finds it.
 */
export function openEngine(program: string): Engine {
  return {
    program,
    async found(home, terms) {
      await writeJsonFile(await openFolder(home), 'terms.json', terms);
      const asked = ['found', `${home}/terms.json`, `${home}/${GENESIS}`];
      return (await ask(program, asked, FOUNDED)).chain;
    },
  };
}

async function ask<const S extends Shape>(
  program: string,
  args: readonly string[],
  shape: S,
): Promise<Of<S>> {
  const failed = (reason: string, cause?: unknown): MedsealError =>
    new MedsealError('ENGINE_FAILED', { program, reason }, { cause });
  const { stdout } = await run(program, args, { timeout: PATIENCE }).catch((cause: unknown) => {
    const { code, stderr } = cause as { code?: unknown; stderr?: string };
    const said = (stderr ?? '').trim().split('\n').at(-1) ?? '';
    throw failed(code === 'ENOENT' ? 'the program is not there' : said, cause);
  });
  let answer: unknown;
  try {
    answer = JSON.parse(stdout);
  } catch (cause) {
    throw failed('its answer is not JSON', cause);
  }
  if (!isOfShape(shape, answer)) throw failed('its answer is malformed');
  return answer;
}
