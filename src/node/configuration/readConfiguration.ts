import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MedsealError } from '../../errors/MedsealError.ts';
import { requireOwnFiles } from '../../folder/requireOwnFiles.ts';
import type { Configuration } from './Configuration.ts';
import { parseConfiguration, type ConfigurationSources } from './parseConfiguration.ts';

/** Default name of the configuration file. */
export const CONFIGURATION_FILE = 'medseal.json';

/**
 * Reads the configuration of a node.
 *
 * @param from - The node's folder, whose `medseal.json` is read if it exists; or `file`, another file, which must
 * exist. Environment and command line override it.
 * @throws MedsealError `CONFIGURATION_INVALID`; `FOLDER_EXPOSED` if others can write to it.
 */
export async function readConfiguration(
  from: Omit<ConfigurationSources, 'file'> & {
    readonly folder: string;
    readonly file?: string | undefined;
  },
): Promise<Configuration> {
  const { folder, file: named, ...above } = from;
  const name = named ?? join(folder, CONFIGURATION_FILE);
  requireOwnFiles(dirname(name), [basename(name)]);
  const text = await readFile(name, 'utf8').catch((cause: unknown) => {
    const absent = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    if (absent && named === undefined) return undefined;
    throw invalid(name, 'it cannot be read', cause);
  });
  if (text === undefined) return parseConfiguration(above);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw invalid(name, 'it is not JSON', cause);
  }
  return parseConfiguration({ ...above, file: { name, value } });
}

function invalid(source: string, reason: string, cause: unknown): MedsealError {
  return new MedsealError('CONFIGURATION_INVALID', { key: 'the whole', source, reason }, { cause });
}
