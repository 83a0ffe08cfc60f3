import { httpOperator } from '../../client/operator/httpOperator.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Files } from '../../folder/Files.ts';
import { readOperatorAccess } from '../../node/operator/OperatorCode.ts';
import { hashFile } from '../../node/validator/hashFile.ts';
import { platformOf } from '../../node/validator/platforms.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { isEngineUpgrade, type EngineUpgrade } from '../../protocol/network/engineUpgrade.ts';
import type { GivenHeight } from '../program/blockHeight.ts';

/** Options of an upgrade of the engine. */
export interface EngineWish {
  /** Files of programs, or `platform=sha256`. */
  readonly engine?: readonly string[];
  readonly height?: GivenHeight;
}

/**
 * Returns the upgrade of the engine that was asked for.
 *
 * @param files - The node's folder, whose node knows the newest block.
 * @param wish - The programs, and their first block.
 * @returns Undefined if none was.
 * @throws MedsealError `ARGUMENT_INVALID`; `CLOSED` if the node does not run.
 */
export async function engineWish(
  files: Files,
  { engine = [], height }: EngineWish,
): Promise<EngineUpgrade | undefined> {
  if (engine.length === 0 && height === undefined) return undefined;
  if (engine.length === 0) throw wrong('--height', 'it needs --engine');
  if (height === undefined) throw wrong('--engine', 'name the first block with --height');
  const programs: Record<string, Bytes32> = {};
  for (const given of engine) {
    const [platform, sha256] = await programIn(given);
    if (programs[platform] !== undefined) {
      throw wrong('--engine', `two programs are for ${platform}`);
    }
    programs[platform] = sha256;
  }
  const before = height.isAhead ? await newestBlock(files) : 0;
  const upgrade = { height: before + height.blocks, programs };
  if (isEngineUpgrade(upgrade)) return upgrade;
  throw wrong('--engine', 'name programs of 1 to 8 platforms, and a block after the first');
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
  const { url, code } = await readOperatorAccess(files);
  const { ledger } = await httpOperator(url, code).state();
  if (ledger !== undefined) return ledger.block;
  throw new MedsealError('CLOSED', { what: 'node' });
}

function wrong(argument: string, reason: string): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument, reason });
}
