import { MedsealError } from '../../errors/MedsealError.ts';
import type { Configuration } from './Configuration.ts';
import { faultIn, fromText } from './Fragment.ts';
import { environmentName, settings, type Setting } from './settings.ts';

/** Sources of settings, the weakest first. */
export interface ConfigurationSources {
  /** The configuration file: its name and its parsed JSON. */
  readonly file?: { readonly name: string; readonly value: unknown };
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** From the command line: values as texts, by key. */
  readonly line?: ReadonlyMap<string, string>;
}

/**
 * Puts a configuration together; a setting that no source gives has its default of `settings`.
 *
 * @param sources - The file, the environment, and the command line above both.
 * @throws MedsealError `CONFIGURATION_INVALID` naming the key at fault and its source.
 */
export function parseConfiguration(sources: ConfigurationSources): Configuration {
  const { file, environment = {}, line = new Map<string, string>() } = sources;
  const written = file === undefined ? new Map<string, unknown>() : flattened(file);
  for (const key of line.keys()) {
    if (!settings.some((each) => each.key === key)) throw unknown(key, 'the command line');
  }
  const configuration: Record<string, Record<string, unknown>> = {};
  for (const setting of settings) {
    const { key } = setting;
    const [group = '', name = ''] = key.split('.');
    const value = chosen(setting, { written, environment, line, file: file?.name ?? '' });
    const section = (configuration[group] ??= {});
    if (value !== undefined) section[name] = value;
  }
  return configuration as unknown as Configuration;
}

function chosen(
  setting: Setting,
  from: {
    readonly written: ReadonlyMap<string, unknown>;
    readonly environment: Readonly<Record<string, string | undefined>>;
    readonly line: ReadonlyMap<string, string>;
    readonly file: string;
  },
): unknown {
  const { key, fragment } = setting;
  const said = from.line.get(key);
  if (said !== undefined) return checked(setting, fromText(fragment, said), 'the command line');
  const name = environmentName(key);
  const set = from.environment[name];
  // A shell or a unit file unsets a variable by setting it to nothing.
  if (set !== undefined && set !== '') return checked(setting, fromText(fragment, set), name);
  if (from.written.has(key)) return checked(setting, from.written.get(key), from.file);
  return setting.otherwise;
}

function checked({ key, fragment, like }: Setting, value: unknown, source: string): unknown {
  const reason = faultIn(fragment, value, like);
  if (reason === undefined) return value;
  throw new MedsealError('CONFIGURATION_INVALID', { key, source, reason });
}

/** The values of a file by key; everything in it must be a setting. */
function flattened({ name, value }: { name: string; value: unknown }): Map<string, unknown> {
  const found = new Map<string, unknown>();
  const groups = new Set(settings.map(({ key }) => key.split('.')[0] ?? ''));
  for (const [group, section] of Object.entries(objectIn(value, 'the whole', name))) {
    if (group === '$schema') continue;
    if (!groups.has(group)) throw unknown(group, name);
    for (const [field, inner] of Object.entries(objectIn(section, group, name))) {
      const key = `${group}.${field}`;
      if (!settings.some((each) => each.key === key)) throw unknown(key, name);
      found.set(key, inner);
    }
  }
  return found;
}

function objectIn(value: unknown, key: string, source: string): object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new MedsealError('CONFIGURATION_INVALID', { key, source, reason: 'it must be an object' });
}

function unknown(key: string, source: string): MedsealError {
  return new MedsealError('CONFIGURATION_INVALID', {
    key,
    source,
    reason: 'it is not a known setting',
  });
}
