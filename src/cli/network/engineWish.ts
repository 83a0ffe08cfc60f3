import { httpOperator } from '../../client/operator/httpOperator.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Files } from '../../folder/Files.ts';
import { readOperatorAccess } from '../../node/operator/OperatorCode.ts';
import { hashFile } from '../../node/validator/hashFile.ts';
import { platformOf } from '../../node/validator/platforms.ts';
import { codesOfContracts } from '../../node/validator/contractsOfCodes.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import type { Bytes32, Organisation } from '../../protocol/ids.ts';
import { withPartners, type FurtherContract } from '../../protocol/network/furtherContracts.ts';
import { presentNodes } from '../../protocol/network/networkLookups.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import {
  isEngineUpgrade,
  type ChainParameters,
  type EngineUpgrade,
} from '../../protocol/network/engineUpgrade.ts';
import { PARAMETER_BOUNDS } from '../../protocol/vocabulary.ts';
import type { OperatorState } from '../../protocol/operator/OperatorPort.ts';
import type { GivenHeight } from '../program/blockHeight.ts';

/** Options of an upgrade of the engine, of the chain's parameters, or of the codes that create contracts. */
export interface EngineWish extends ChainParameters {
  /** Files of programs, or `platform=sha256`. */
  readonly engine?: readonly string[];
  readonly height?: GivenHeight;
  /** Contracts that are to be created later, and whose codes the ledger does not take yet. */
  readonly admit?: readonly FurtherContract[];
  /** Organisations whose validators need not be heard. */
  readonly unheard?: readonly Organisation[];
}

/**
 * Returns the upgrade of the engine that was asked for.
 *
 * @param files - The node's folder, whose node knows the newest block.
 * @param network - The network file that the change follows.
 * @param wish - The programs, parameters and contracts, and their first block. Without programs, those that run stay.
 * @param primitives - Hashes.
 * @returns Undefined if none was.
 * @throws MedsealError `ARGUMENT_INVALID`; `CLOSED` if the node does not run.
 */
export async function engineWish(
  files: Files,
  network: Pick<NetworkFile, 'founders' | 'nodes'>,
  { engine = [], height, unheard = [], admit = [], ...rest }: EngineWish,
  primitives: Pick<Primitives, 'keccak256'>,
): Promise<EngineUpgrade | undefined> {
  const parameters = boundedParameters(rest);
  const given = [
    ...(engine.length > 0 ? ['--engine'] : []),
    ...(rest.blockGas === undefined ? [] : ['--block-gas']),
    ...(rest.absenceWindow === undefined ? [] : ['--absence-window']),
    ...(admit.length > 0 ? ['--admit'] : []),
  ];
  const [argument] = given;
  if (argument === undefined && height === undefined) return undefined;
  if (argument === undefined) {
    throw wrong('--height', 'it needs --engine, --block-gas, --absence-window or --admit');
  }
  if (height === undefined) throw wrong(argument, 'name the first block with --height');
  const programs =
    engine.length === 0 ? await runningPrograms(files, network, unheard) : await programsIn(engine);
  const before = height.isAhead ? await newestBlock(files) : 0;
  const upgrade = {
    height: before + height.blocks,
    programs,
    ...(parameters && { parameters }),
    ...(admit.length > 0 && { codes: codesOfContracts(withPartners(admit), primitives) }),
  };
  if (isEngineUpgrade(upgrade)) return upgrade;
  throw wrong('--engine', 'name programs of 1 to 8 platforms, and a block after the first');
}

/** The parameters that were asked for; undefined if none was. */
function boundedParameters({
  blockGas,
  absenceWindow,
}: ChainParameters): ChainParameters | undefined {
  if (blockGas === undefined && absenceWindow === undefined) return undefined;
  requireBounded('--block-gas', 'blockGas', blockGas);
  requireBounded('--absence-window', 'absenceWindow', absenceWindow);
  return {
    ...(blockGas !== undefined && { blockGas }),
    ...(absenceWindow !== undefined && { absenceWindow }),
  };
}

function requireBounded(
  argument: string,
  name: keyof ChainParameters,
  value: number | undefined,
): void {
  const { least, most } = PARAMETER_BOUNDS[name];
  if (value === undefined || (value >= least && value <= most)) return;
  throw wrong(argument, `it must be ${least} to ${most}`);
}

/** The programs that all validators run: one that is not named ends at the block. */
async function runningPrograms(
  files: Files,
  network: Pick<NetworkFile, 'founders' | 'nodes'>,
  unheard: readonly Organisation[],
): Promise<Readonly<Record<string, Bytes32>>> {
  const programs: Record<string, Bytes32> = {};
  const { engines = [] } = await stateAt(files);
  const silent = presentNodes(network)
    .filter(({ validator }) => validator !== undefined)
    .map(({ organisation }) => organisation)
    .filter(
      (name) => !unheard.includes(name) && !engines.some((each) => each.organisation === name),
    );
  if (engines.length > 0 && silent.length > 0) {
    const reason = `the node does not hear which program the validator of ${silent.join(', ')} runs, and one that is not named ends at the block: name all with --engine, or go on with --unheard ${silent.join(' --unheard ')} only if you know that it runs one that others run`;
    throw wrong('--engine', reason);
  }
  for (const { organisation, platform, sha256 } of engines) {
    if ((programs[platform] ??= sha256) === sha256) continue;
    const reason = `${organisation} runs another program for ${platform} than others: name all with --engine`;
    throw wrong('--engine', reason);
  }
  if (Object.keys(programs).length > 0) return programs;
  throw wrong('--engine', 'the node knows no program that runs: name it');
}

async function programsIn(engine: readonly string[]): Promise<Readonly<Record<string, Bytes32>>> {
  const programs: Record<string, Bytes32> = {};
  for (const given of engine) {
    const [platform, sha256] = await programIn(given);
    if (programs[platform] !== undefined) {
      throw wrong('--engine', `two programs are for ${platform}`);
    }
    programs[platform] = sha256;
  }
  return programs;
}

async function programIn(given: string): Promise<readonly [string, Bytes32]> {
  const [, platform, digits] =
    /^([a-z0-9]{1,16}\/[a-z0-9]{1,16})=(?:0x)?([0-9a-f]{64})$/.exec(given) ?? [];
  if (platform !== undefined && digits !== undefined) return [platform, `0x${digits}`];
  const found = await platformOf(given).catch(() => undefined);
  const sha256 = await hashFile(given).catch(() => undefined);
  if (found !== undefined && sha256 !== undefined) return [found, sha256];
  const reason = `${given} is not a program for Linux on amd64 or arm64: name another one as platform=sha256`;
  throw wrong('--engine', reason);
}

async function newestBlock(files: Files): Promise<number> {
  const { ledger } = await stateAt(files);
  if (ledger !== undefined) return ledger.block;
  throw new MedsealError('CLOSED', { what: 'node' });
}

async function stateAt(files: Files): Promise<OperatorState> {
  const { url, code } = await readOperatorAccess(files);
  return await httpOperator(url, code).state();
}

function wrong(argument: string, reason: string): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument, reason });
}
