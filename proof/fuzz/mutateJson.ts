import type { Dice } from '../simulation/Dice.ts';

/** Words that lead somewhere else in careless code. */
export const ODD_TEXTS: readonly string[] = [
  '',
  ' ',
  '.',
  '..',
  '../../etc/passwd',
  '/dev/null',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'null',
  'undefined',
  'NaN',
  '0x',
  '0X00',
  '0xzz',
  '-1',
  '1e9',
  '00',
  '\u0000',
  'a\u0000b',
  '\u001b[2J\u0007',
  '\ud800',
  '\udfff\ud800',
  '\ufeff',
  '💥',
  'ﬀ',
  '9'.repeat(400),
  'a'.repeat(70_000),
  `0x${'00'.repeat(31)}`,
  `0x${'00'.repeat(32)}`,
  `0x${'ff'.repeat(32)}`,
  `0x${'00'.repeat(33)}`,
  'AAAA====',
  '%00',
  'care/hospital',
];

/** Numbers as JSON can spell them. */
const ODD_NUMBERS: readonly string[] = [
  '0',
  '-0',
  '-1',
  '1',
  '1.5',
  '1e-7',
  '255',
  '256',
  '65536',
  '2147483648',
  '4294967296',
  '9007199254740991',
  '9007199254740992',
  '9007199254740993',
  '18446744073709551616',
  '1e21',
  '1e308',
  '1e999',
  '-1e999',
  `1${'0'.repeat(400)}`,
];

/** Values in their spelling, of which some are not JSON. */
const ODD_VALUES: readonly string[] = [
  'null',
  'true',
  'false',
  '{}',
  '[]',
  '[null]',
  '{"toString":1,"valueOf":1}',
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"length":4294967295}',
  '{"then":1}',
  '"\\ud800"',
  '"\\u0000"',
  'NaN',
  'undefined',
  "'x'",
  '',
  ',',
  '/* */1',
  '01',
];

/** Characters that copies of a value take at most. */
const MOST_COPIED = 4_000_000;

/** Levels that are taken apart: what lies deeper stays as it is spelt. */
const DEEPEST = 500;

/** JSON in its spelling, taken apart: what can be doubled, renamed and misspelt. */
type Node =
  | { readonly kind: 'raw'; readonly text: string }
  | { readonly kind: 'list'; readonly items: Node[] }
  | { readonly kind: 'object'; readonly fields: [string, Node][] };

/**
 * A JSON text that was of a form until something in it was changed.
 *
 * @param dice - Decides what.
 * @param value - Value of the form, unchanged.
 * @param most - Largest number of changes.
 */
export function mutateJson(dice: Dice, value: unknown, most = 3): string {
  let root = nodeOf(value);
  for (let change = dice.between(1, most); change > 0; change--) root = changed(dice, root);
  return textOf(root);
}

/**
 * A value that was of a form until something in it was changed, as `JSON.parse` makes it.
 *
 * @param dice - Decides what.
 * @param value - Value of the form, unchanged.
 */
export function mutateValue(dice: Dice, value: unknown): unknown {
  for (;;) {
    try {
      const made: unknown = JSON.parse(mutateJson(dice, value));
      JSON.stringify(made);
      return made;
    } catch {
      // The text is not JSON, or is too deep to be written again: draw another.
    }
  }
}

function nodeOf(value: unknown, depth = 0): Node {
  if (typeof value === 'object' && value !== null && depth < DEEPEST) {
    const inner = (each: unknown): Node => nodeOf(each, depth + 1);
    if (Array.isArray(value)) return { kind: 'list', items: value.map(inner) };
    return {
      kind: 'object',
      fields: Object.entries(value).map(([name, each]) => [name, inner(each)]),
    };
  }
  return { kind: 'raw', text: spelt(value) };
}

function spelt(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'null';
  } catch {
    // Too deep to be written.
    return 'null';
  }
}

function textOf(node: Node): string {
  if (node.kind === 'raw') return node.text;
  if (node.kind === 'list') return `[${node.items.map(textOf).join(',')}]`;
  const fields = node.fields.map(([name, each]) => `${JSON.stringify(name)}:${textOf(each)}`);
  return `{${fields.join(',')}}`;
}

/** Goes down to some place and changes what is there. */
function changed(dice: Dice, node: Node): Node {
  if (node.kind === 'raw' || dice.chance(0.15)) return replaced(dice, node);
  const size = node.kind === 'list' ? node.items.length : node.fields.length;
  if (size === 0 || dice.chance(0.2)) return reshaped(dice, node);
  const place = dice.between(0, size - 1);
  if (node.kind === 'list') {
    return {
      ...node,
      items: node.items.map((each, i) => (i === place ? changed(dice, each) : each)),
    };
  }
  return {
    ...node,
    fields: node.fields.map(([name, each], i) => [name, i === place ? changed(dice, each) : each]),
  };
}

/** Something else in the place of a value, or the same but for a little. */
function replaced(dice: Dice, node: Node): Node {
  if (node.kind === 'raw' && dice.chance(0.7)) return raw(alike(dice, node.text));
  switch (dice.between(0, 5)) {
    case 0:
      return raw(dice.pick(ODD_NUMBERS));
    case 1:
      return raw(JSON.stringify(dice.pick(ODD_TEXTS)));
    case 2:
      return raw(deep(dice));
    case 3:
      return { kind: 'list', items: [node] };
    case 4:
      return { kind: 'object', fields: [['value', node]] };
    default:
      return raw(dice.pick(ODD_VALUES));
  }
}

/** A word, number or text that differs little from another. */
function alike(dice: Dice, text: string): string {
  if (!text.startsWith('"')) {
    const number = Number(text);
    if (!Number.isFinite(number) || text === 'true' || text === 'false' || text === 'null') {
      return dice.pick(ODD_VALUES);
    }
    return dice.pick([`${-number}`, `${number + 1}`, `${number - 1}`, `"${text}"`, ...ODD_NUMBERS]);
  }
  const content = JSON.parse(text) as string;
  if (/^[[{]/.test(content)) {
    const inner = parsed(content);
    if (inner !== undefined && dice.chance(0.8)) return JSON.stringify(mutateJson(dice, inner, 1));
  }
  return JSON.stringify(mutateText(dice, content));
}

/**
 * A text that differs little from another.
 *
 * @param dice - Decides how.
 * @param text - The other.
 */
export function mutateText(dice: Dice, text: string): string {
  const at = dice.between(0, text.length);
  const character = text[Math.min(at, text.length - 1)] ?? 'a';
  switch (dice.between(0, 9)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + text.slice(at + 1);
    case 2:
      return text.slice(0, at) + character + text.slice(at);
    case 3:
      return (
        text.slice(0, at) +
        dice.pick(['0', 'f', 'g', '=', '/', '\n', '\u0000', '\ud800', '"']) +
        text.slice(at + 1)
      );
    case 4:
      return text.toUpperCase();
    case 5:
      return text + text;
    case 6:
      return `${dice.pick([' ', '\t', '\ufeff', '-', '+', '0'])}${text}`;
    case 7:
      return text.slice(0, at) + dice.pick(ODD_TEXTS) + text.slice(at);
    case 8:
      return text.split('\n').toReversed().join('\n');
    default:
      return dice.pick(ODD_TEXTS);
  }
}

/** The same so many times, or as often as some megabytes hold: copies of copies are soon longer than any text. */
function copiesOf(node: Node, count: number): Node[] {
  const most = Math.ceil(MOST_COPIED / (1 + textOf(node).length));
  return Array.from({ length: Math.min(count, most) }, () => node);
}

/** A list or an object with another number of members, or with other names. */
function reshaped(dice: Dice, node: Exclude<Node, { kind: 'raw' }>): Node {
  if (node.kind === 'list') {
    const items = [...node.items];
    const at = dice.between(0, items.length);
    const member = items[Math.min(at, items.length - 1)] ?? raw('0');
    switch (dice.between(0, 4)) {
      case 0:
        items.splice(at, 1);
        break;
      case 1:
        items.splice(at, 0, member);
        break;
      case 2:
        items.reverse();
        break;
      case 3:
        items.push(...copiesOf(member, dice.pick([10, 300, 5000])));
        break;
      default:
        items.splice(at, 0, raw(dice.pick(ODD_VALUES)));
    }
    return { ...node, items };
  }
  const fields = [...node.fields];
  const at = dice.between(0, fields.length);
  const [name, value] = fields[Math.min(at, fields.length - 1)] ?? ['name', raw('0')];
  switch (dice.between(0, 5)) {
    case 0:
      fields.splice(at, 1);
      break;
    case 1:
      // The last of two of one name is taken, and the first may be looked at.
      fields.splice(dice.between(0, fields.length), 0, [name, raw(dice.pick(ODD_VALUES))]);
      break;
    case 2:
      fields.push([
        dice.pick(['__proto__', 'constructor', 'toString', 'toJSON', 'then', 'another', '']),
        value,
      ]);
      break;
    case 3:
      fields.splice(at, 1, [mutateText(dice, name), value]);
      break;
    case 4: {
      const [other] = dice.pick(fields.length > 0 ? fields : [['', value] as [string, Node]]);
      fields.splice(at, 1, [other, value]);
      break;
    }
    default:
      fields.push(
        ...Array.from({ length: 2000 }, (_, i): [string, Node] => [`field${i}`, raw('0')]),
      );
  }
  return { ...node, fields };
}

function deep(dice: Dice): string {
  const levels = dice.pick([10, 1000, 20_000]);
  return dice.chance(0.5)
    ? '['.repeat(levels) + ']'.repeat(levels)
    : '{"a":'.repeat(levels) + '1' + '}'.repeat(levels);
}

function raw(text: string): Node {
  return { kind: 'raw', text };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
