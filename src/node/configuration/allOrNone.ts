import { MedsealError } from '../../errors/MedsealError.ts';

/** Settings, of which none lacks. */
type Whole<Given> = { readonly [Name in keyof Given]: Exclude<Given[Name], undefined> };

/**
 * Returns settings that are needed together; undefined if none of them is given.
 *
 * @param group - The group that they stand under.
 * @param settings - All of them, by name; what is undefined is not given.
 * @throws MedsealError `CONFIGURATION_INVALID` if some are given: it names the first that lacks, and the first that needs it.
 */
export function allOrNone<Given extends Readonly<Record<string, unknown>>>(
  group: string,
  settings: Given,
): Whole<Given> | undefined {
  const names = Object.keys(settings);
  const lacks = names.find((name) => settings[name] === undefined);
  if (lacks === undefined) return settings as Whole<Given>;
  const has = names.find((name) => settings[name] !== undefined);
  if (has === undefined) return undefined;
  throw new MedsealError('CONFIGURATION_INVALID', {
    key: `${group}.${lacks}`,
    source: 'the configuration',
    reason: `${group}.${has} needs it too`,
  });
}
