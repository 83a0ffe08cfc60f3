import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { longFunctions, MOST_LINES } from './longFunctions.ts';
import { isTestFile } from './rooms.ts';

const root = new URL('..', import.meta.url);

/** Functions that may be longer, by file and name, with the reason of each. */
const LONG: Readonly<Record<string, string>> = {
  'portal/src/screens/prescriptions/Prescribe.tsx Prescribe':
    'a form whose fields depend on each other',
};

describe('functions of the product', () => {
  it(`have at most ${MOST_LINES} lines, so that a reader takes one in at once`, async () => {
    const files = globSync(['{bench,demo,scripts,src}/**/*.ts', 'portal/src/**/*.{ts,tsx}'], {
      cwd: root,
    }).map((path) => path.replaceAll('\\', '/'));
    const found = new Map<string, number>();
    for (const file of files.toSorted()) {
      if (isTestFile(file) || file.endsWith('.d.ts') || file.includes('/generated/')) continue;
      const long = await longFunctions(readFileSync(new URL(file, root), 'utf8'));
      for (const { name, lines } of long) found.set(`${file} ${name}`, lines);
    }
    const tooLong = [...found].filter(([name]) => !Object.hasOwn(LONG, name));
    assert.deepEqual(tooLong, [], 'cut each along its subjects');
    const short = Object.keys(LONG).filter((name) => !found.has(name));
    assert.deepEqual(short, [], 'take these off the list of long functions');
  });
});

describe('longFunctions', () => {
  it('finds a function by its declaration, variable, property or method, with those in it', async () => {
    const forms: [string, string][] = [
      [`export async function a() {\n${body(149)}}\n`, 'a'],
      [`const b = () => {\n${body(149)}};\n`, 'b'],
      [`const all = {\n  c: function () {\n${body(149)}  },\n};\n`, 'c'],
      [`class All {\n  d() {\n${body(149)}  }\n}\n`, 'd'],
      [`class All {\n  #e(): void {\n${body(149)}  }\n}\n`, 'e'],
      [`function f() {\n  return g;\n  function g() {\n${body(146)}  }\n}\n`, 'f'],
      [`export default () => {\n${body(149)}};\n`, ''],
    ];
    for (const [source, name] of forms) {
      assert.deepEqual(await longFunctions(source), [{ name, lines: 151 }], name);
    }
  });

  it('finds none of 150 lines, nor a class or a table of short ones', async () => {
    assert.deepEqual(await longFunctions(`function a() {\n${body(148)}}\n`), []);
    const methods = Array.from({ length: 60 }, (_, nth) => `  a${nth}() {\n    call();\n  }\n`);
    assert.deepEqual(await longFunctions(`class All {\n${methods.join('')}}\n`), []);
  });
});

function body(lines: number): string {
  return '  call();\n'.repeat(lines);
}
