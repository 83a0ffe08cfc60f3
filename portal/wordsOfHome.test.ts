import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { codeOfHome } from './codeGroups.ts';
import { CARE } from './compiledWords.ts';
import { compileWords } from './compileWords.ts';
import { wordsOfHome } from './wordsOfHome.ts';

const folder = mkdtempSync(join(tmpdir(), 'medseal-words-'));
after(() => rmSync(folder, { recursive: true }));

const KEYS = [
  'home.title',
  'home.lead',
  'common.role-doctor',
  'common.role-nurse',
  'fhir.code_atLeast',
  'vital.title',
];

function wordsIn(files: Readonly<Record<string, string>>): readonly string[] {
  for (const [name, code] of Object.entries(files)) writeFileSync(join(folder, name), code);
  return [...wordsOfHome([join(folder, 'Home.tsx')], KEYS)].toSorted();
}

describe('the words of an operator’s page', () => {
  it('have no room of care among them, which it does not load', () => {
    const keys = Object.keys(compileWords(join(import.meta.dirname, 'src/words')).get('en') ?? {});
    const desk = join(import.meta.dirname, 'src/operate/OperatorDesk.tsx');
    const named = [...wordsOfHome([desk], keys)];
    assert.ok(named.includes('operate.ready'), 'the words were found');
    assert.deepEqual(
      named.filter((key) => CARE.includes(key.split('.')[0] ?? '')),
      [],
    );
  });
});

describe('the words of a home', () => {
  it('are those that its code names, and all that begin like a composed one', () => {
    const code =
      "say('home.title'); say(`common.role-${role}`); say(`fhir.code_${code}`); say('home.unknown');";
    assert.deepEqual(wordsIn({ 'Home.tsx': code }), [
      'common.role-doctor',
      'common.role-nurse',
      'fhir.code_atLeast',
      'home.title',
    ]);
  });

  it('are also those of what it imports at once or loads later, and not of what gives it types alone', () => {
    const words = wordsIn({
      'Home.tsx': [
        "import {\n  one,\n} from './one.ts';",
        "import type { Two } from './two.ts';",
        "const load = async () => await import('./three.ts');",
        "import 'react';",
      ].join('\n'),
      'one.ts': "export * from './one.more.ts';",
      'one.more.ts': "say('home.lead')",
      'two.ts': "say('vital.title')",
      'three.ts': "say('home.title')",
    });
    assert.deepEqual(words, ['home.lead', 'home.title']);
  });

  it('have no words of another screen in the portal', () => {
    const { en = {} } = Object.fromEntries(compileWords(join(import.meta.dirname, 'src/words')));
    const words = wordsOfHome(codeOfHome(), Object.keys(en));
    const has = ['home.title', 'news.close', 'patients.title', 'evidence.did-add', 'verify.title'];
    assert.deepEqual(
      has.map((key) => [key, Object.hasOwn(en, key), words.has(key)]),
      [
        ['home.title', true, true],
        ['news.close', true, true],
        ['patients.title', true, true],
        ['evidence.did-add', true, true],
        ['verify.title', true, false],
      ],
    );
  });
});
