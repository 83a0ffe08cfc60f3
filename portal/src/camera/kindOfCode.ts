/** Kinds of codes that people hand to each other: `signed` is any other JSON, such as a prescription that waits for a second doctor. */
export type CodeKind = 'card' | 'prescription' | 'device' | 'pin' | 'signed' | 'other';

/** Formats of JSON that have a form of their own. */
const FORMATS: readonly (readonly [format: RegExp, kind: CodeKind])[] = [
  [/^medseal-contact\//, 'card'],
  [/^medseal-slip\//, 'prescription'],
  [/^medseal-pin\//, 'pin'],
];

/**
 * Tells what a text looks like, so that a person who scans another code hears it at once. It judges nothing: the form that
 * takes the text parses it as if somebody had typed it.
 *
 * @param text - Text of a code, not trusted.
 */
export function kindOfCode(text: string): CodeKind {
  const given = text.trim();
  if (/^medseal1/i.test(given)) return 'card';
  if (/^(?:medseal-device:|0x[0-9a-f]{40}$)/i.test(given)) return 'device';
  if (!given.startsWith('{')) return 'other';
  try {
    const { format } = JSON.parse(given) as { readonly format?: unknown };
    return (
      FORMATS.find(([form]) => typeof format === 'string' && form.test(format))?.[1] ?? 'signed'
    );
  } catch {
    return 'other';
  }
}
