import { BY_NAME } from '../../../src/fhir/mediaTypes.ts';

/**
 * Returns the name under which a file of others is saved: it ends as files of its type do, if that is known, since the browser is
 * not told the type.
 *
 * @param name - The name that its author gave it, in visible characters.
 * @param type - Media type, as its author named it.
 */
export function savedName(name: string, type: string): string {
  const safe = name.replaceAll(/[\\/:*?"<>|]/g, '_');
  const endings = Object.keys(BY_NAME).filter((ending) => BY_NAME[ending] === type);
  const [first = ''] = endings;
  return endings.some((ending) => safe.toLowerCase().endsWith(ending)) ? safe : `${safe}${first}`;
}
