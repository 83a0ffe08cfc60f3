import assert from 'node:assert/strict';

/** A command of a page: who types it, and what the page says that it prints. */
export interface Shown {
  readonly who: string;
  readonly line: string;
  readonly prints: readonly string[];
}

/**
 * The commands of a page in blocks such as `console anna`, in their order.
 *
 * @param page - Its text.
 */
export function shownCommands(page: string): readonly Shown[] {
  return [...page.matchAll(/^```console (\w+)\n([\s\S]*?)^```$/gm)].flatMap(
    ([, who = '', text = '']) =>
      text
        .split(/^\$ medseal /m)
        .slice(1)
        .map((command) => {
          const [line = '', ...prints] = command.trimEnd().split('\n');
          return { who, line, prints };
        }),
  );
}

/**
 * The commands of a page that are typed as `npm run -s medseal -- …`, in their order.
 *
 * @param page - Its text.
 */
export function npmCommands(page: string): readonly Shown[] {
  return [...page.matchAll(/^```\n((?:\$ )?npm run -s medseal -- [\s\S]*?)^```$/gm)].flatMap(
    ([, text = '']) =>
      text
        .split(/^(?:\$ )?npm run -s medseal -- /m)
        .slice(1)
        .map((command) => {
          const [line = '', ...prints] = command.trimEnd().split('\n');
          return { who: 'demo', line, prints };
        }),
  );
}

/**
 * The errors that a page explains, each with its second line.
 *
 * @param page - Its text.
 */
export function shownErrors(page: string): readonly string[] {
  return [...page.matchAll(/^```\n(medseal: [\s\S]*?)^```$/gm)].map(([, text = '']) => text);
}

/** Lines that a person types, which stand in the page and not in the output. */
const TYPED =
  /^(?:New passphrase|Repeat the passphrase|Passphrase of|Trust it\?|Sign this\?|Found this network\?|Join this network\?|Approve\?)/;

/**
 * Asserts that the output has every line of a page, except for parts that differ from run to run, and learns from it the
 * numbers and names of this run.
 *
 * @param shown - The command, and what the page has.
 * @param printed - The output, line by line.
 * @param now - Numbers and names of the page, with those of this run; it is added to.
 */
export function requirePrinted(
  { line, prints }: Shown,
  printed: readonly string[],
  now: Map<string, string>,
): void {
  const forms = printed.map(formOf);
  for (const expected of prints.filter((each) => each !== '…' && !TYPED.test(each))) {
    const place = forms.indexOf(formOf(expected));
    assert.notEqual(place, -1, `medseal ${line}\n${expected}\nis not in\n${printed.join('\n')}`);
    const words = wordsIn(printed[place] ?? '');
    for (const [at, word] of wordsIn(expected).entries()) now.set(word, words[at] ?? word);
  }
}

/** A line without what differs from run to run. */
function formOf(line: string): string {
  return line
    .replaceAll(/0x[0-9a-f]{6,}/g, '0x')
    .replaceAll(/medseal1[0-9a-z]{20,}/g, 'medseal1')
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/g, 'moment')
    .replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, 'http://127.0.0.1')
    .replaceAll(/\d+(?:\.\d)? (ms|kB|bytes)/g, 'some $1')
    .replaceAll(/#\d+(?:–\d+)?/g, '#')
    .replaceAll(/(?:\d+ of its first )?\d+ (entries|checkpoints)/g, '$1')
    .trimEnd();
}

/** Numbers in hexadecimal in a line. */
function wordsIn(line: string): readonly string[] {
  return line.match(/0x[0-9a-f]{6,}/g) ?? [];
}
