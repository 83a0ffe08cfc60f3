import type { CompiledMessage } from '@lingui/message-utils/compileMessage';

/** Begins a piece of text that is read in the direction of its first letter, and ends one. */
const [BEGIN, END] = ['\u2068', '\u2069'];
const BEGINS = /[\u2066-\u2068]/g;
const ENDS = /\u2069/g;

/**
 * Puts marks that nobody sees around each placeholder of a message, as `<bdi>` does in a page: a name, an amount or a date
 * keeps its own direction in a sentence that is written from right to left. Placeholders that its translator put between such
 * marks, as a number with its unit, stay together as they are.
 *
 * @param message - The compiled message.
 */
export function isolatePlaceholders(message: CompiledMessage): CompiledMessage {
  return typeof message === 'string' ? message : (isolated(message) as CompiledMessage);
}

function isolated(message: readonly unknown[]): readonly unknown[] {
  let depth = 0;
  return message.flatMap((part): readonly unknown[] => {
    if (typeof part === 'string') {
      depth += count(part, BEGINS) - count(part, ENDS);
      return [part];
    }
    if (!Array.isArray(part)) return [part];
    const [name, kind, choices] = part as readonly unknown[];
    if (typeof choices === 'object' && choices !== null) {
      const inner = Object.entries(choices).map(([choice, told]: [string, unknown]) => [
        choice,
        Array.isArray(told) ? isolated(told) : told,
      ]);
      return [[name, kind, Object.fromEntries(inner)]];
    }
    return depth > 0 ? [part] : [BEGIN, part, END];
  });
}

function count(text: string, marks: RegExp): number {
  return text.match(marks)?.length ?? 0;
}
