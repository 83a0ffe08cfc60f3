import { BY_NAME } from '../../../src/fhir/mediaTypes.ts';

/** Endings that say nothing of a type, and that no system runs. */
const PLAIN = ['.bin', '.dat'];
/** Most characters of a name, so that its ending is in view. */
const LONGEST = 100;

/**
 * Returns the name under which a file of others is saved: it ends as files of its type do, if that is known, since the browser is
 * not told the type; otherwise by an ending of a document, so that opening the file runs nothing. Nothing in it hides the ending.
 *
 * @param name - The name that its author gave it, in visible characters.
 * @param type - Media type, as its author named it.
 */
export function savedName(name: string, type: string): string {
  const plain = name.replaceAll(/[\\/:*?"<>|]/g, '_').replaceAll(/\s+/g, ' ');
  const safe = trimmed(plain) || 'file';
  const known = Object.keys(BY_NAME);
  const ofType = known.filter((ending) => BY_NAME[ending] === type);
  const isUntold = !safe.includes('.');
  const allowed = ofType.length > 0 ? ofType : [...known, ...PLAIN];
  const ending = allowed.find((each) => safe.toLowerCase().endsWith(each));
  const stem = ending === undefined ? safe : safe.slice(0, -ending.length);
  const written = ending === undefined ? '' : safe.slice(-ending.length);
  const added = ofType[0] ?? (isUntold ? '' : PLAIN[0]);
  return `${trimmed(stem.slice(0, LONGEST)) || 'file'}${written || added}`;
}

/** Without spaces around it and dots behind it, which some systems drop. */
function trimmed(text: string): string {
  return text.trim().replace(/[. ]+$/, '');
}
