import { catalogue } from '../src/errors/catalogue.ts';
import { codeOf } from './compileExamples.ts';
import { docParts } from './docParts.ts';
import type { EntryPoint } from './publicApi.ts';

/** Fewest and most lines of an example. */
const [FEWEST, MOST] = [2, 8];

/**
 * Finds functions of an entry point that have no example, or do not say which errors they throw.
 *
 * @param door - The entry point.
 * @param harmless - Functions that throw nothing that a caller can act upon.
 * @returns A sentence each.
 */
export function exampleFaults(
  { exports }: EntryPoint,
  harmless: readonly string[],
): readonly string[] {
  const faults: string[] = [];
  for (const { name, kind, doc } of exports) {
    const { tags, examples } = docParts(doc);
    if (kind !== 'function') continue;
    if (examples.length === 0) faults.push(`${name} has no @example`);
    for (const example of examples) {
      const lines = codeOf(example).split('\n').length - 1;
      if (lines < FEWEST || lines > MOST) faults.push(`${name} has an example of ${lines} lines`);
    }
    const thrown = tags.filter(({ tag }) => tag === 'throws').map(({ text }) => text);
    if (thrown.length === 0 && !harmless.includes(name)) faults.push(`${name} has no @throws`);
    if (thrown.length > 0 && harmless.includes(name)) faults.push(`${name} is not harmless`);
    for (const text of thrown) faults.push(...codeFaults(text).map((fault) => `${name} ${fault}`));
  }
  return faults;
}

/** Faults of what a docstring says about errors: those of the platform need no code. */
function codeFaults(text: string): readonly string[] {
  if (/^DOMException\b/.test(text)) return [];
  const codes = [...text.matchAll(/`([A-Z][A-Z_]+)`/g)].map(([, code = '']) => code);
  if (!text.startsWith('MedsealError ') || codes.length === 0) return ['names no code in @throws'];
  return codes
    .filter((code) => !Object.hasOwn(catalogue, code) || code === 'INTERNAL')
    .map((code) => `names ${code}, which callers never get`);
}
