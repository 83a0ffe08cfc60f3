import { existsSync } from 'node:fs';
import { cp, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openDev, type OpenDev, type OpenDevOptions } from '../openDev.ts';

/** Choices of a demonstration whose founding tests share: those that change what is founded, and what differs later. */
type FoundedOptions = Pick<OpenDevOptions, 'charts' | 'unguarded' | 'wearable' | 'push'> & {
  /** A folder that is empty or not there. */
  readonly data: string;
};

/**
 * Opens a demonstration on free ports, on a copy of one that was founded once in a run of tests: to found one and fill its
 * charts takes five seconds of a processor, and to copy and open it a quarter of one. The run names the folder that keeps
 * it (`scripts/together/keepFounded.ts`); a test file that runs by itself founds its own.
 *
 * @param options - Its folder, and choices that differ from the usual ones.
 */
export async function openFoundedDev({ data, ...options }: FoundedOptions): Promise<OpenDev> {
  const { FOUNDED } = process.env;
  if (FOUNDED !== undefined) await cp(await foundOnce(FOUNDED, options), data, { recursive: true });
  return await openHere({ ...options, data });
}

async function openHere(options: FoundedOptions): Promise<OpenDev> {
  return await openDev({ ...options, demo: true, port: 0, rpcPort: 0 });
}

/** Returns the folder of a demonstration that is whole and closed: whoever comes first founds it. */
async function foundOnce(
  kept: string,
  { charts = false, unguarded = false }: Omit<FoundedOptions, 'data'>,
): Promise<string> {
  const founded = join(kept, `${charts ? 'charts' : 'empty'}-${unguarded ? 'open' : 'guarded'}`);
  if (existsSync(founded)) return founded;
  const data = await mkdtemp(`${founded}-`);
  await (await openHere({ data, charts, unguarded })).close();
  // Another process may have been as fast: what is kept is never written again.
  await rename(data, founded).catch(async (error: unknown) => {
    await rm(data, { recursive: true });
    if (!existsSync(founded)) throw error;
  });
  return founded;
}
