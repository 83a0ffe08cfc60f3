import { mkdirSync } from 'node:fs';
import module from 'node:module';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { isOwnFolder } from '../../folder/isOwnFolder.ts';

/**
 * Lets Node keep what it compiles for the next start, which else takes most of a short command's time. It lies in the
 * person's folder for caches and holds code alone. Without a folder that only they can write to, nothing is kept: whoever
 * writes there decides what runs.
 *
 * @param env - `XDG_CACHE_HOME` names the folder for caches; `NODE_COMPILE_CACHE` and
 * `NODE_DISABLE_COMPILE_CACHE` take precedence.
 * @param home - The person's own folder.
 * @returns The folder that it is kept in; undefined if it is not kept.
 */
export function keepCompiled(
  env: NodeJS.ProcessEnv = process.env,
  home?: string,
): string | undefined {
  if (env['NODE_COMPILE_CACHE'] ?? env['NODE_DISABLE_COMPILE_CACHE']) return undefined;
  try {
    const own = home ?? homedir();
    const { XDG_CACHE_HOME: named = '' } = env;
    const folder = join(isAbsolute(named) ? named : join(own, '.cache'), 'medseal');
    // With `sudo` it may be another person's, who would find a folder that is not theirs.
    if (!isOwnFolder(own)) return undefined;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return isOwnFolder(folder) ? module.enableCompileCache(folder).directory : undefined;
  } catch {
    // All of it is compiled at each start, then.
    return undefined;
  }
}
