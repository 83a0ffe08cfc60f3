import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { catalogue, type ErrorCode } from '../src/errors/catalogue.ts';
import { NODE_REASONS, nodeReason, reasonText } from '../src/protocol/operator/nodeReasons.ts';
import { compileWords, placeholders } from './compileWords.ts';

const ROOT = join(import.meta.dirname, '..');
const words = compileWords(join(import.meta.dirname, 'src/words'));

/** Code that no page reaches: commands, devices of their own, and what a node does before it answers anybody. */
const AWAY =
  /^src\/(cli|device|sensors|backup|fsck|folder|errors|consortium|node\/(founding|dealing|configuration|run|NodeFolder|openNetwork|migrations|keptTrust))\b/;
/** Codes that code of other rooms names too, and that stop a start, so that there is no page that could say them. */
const AT_A_START: readonly ErrorCode[] = [
  'ADDRESS_UNUSABLE',
  'FOLDER_NEWER',
  'KEYSTORE_DEMO',
  'PORTAL_DAMAGED',
  'PORT_IN_USE',
];

/** The codes that a page can meet: what the portal and a running node throw, count, or read in another's answer. */
function codesThatPagesMeet(): readonly ErrorCode[] {
  const files = globSync(['src/**/*.ts', 'portal/src/**/*.{ts,tsx}'], { cwd: ROOT })
    .filter((path) => !AWAY.test(path) && !/\.test\.ts$|\/test\//.test(path))
    .map((path) => readFileSync(join(ROOT, path), 'utf8'));
  const named = new Set(files.flatMap((text) => text.match(/(?<=')[A-Z][A-Z_]+(?=')/g) ?? []));
  return (Object.keys(catalogue) as ErrorCode[]).filter(
    (code) => named.has(code) && !AT_A_START.includes(code),
  );
}

describe('the words of codes', () => {
  it('are there, in every language, for each code that a person or an operator can meet', () => {
    const codes = codesThatPagesMeet();
    assert.ok(codes.length > 130, 'the codes were found');
    for (const [language, known] of words) {
      const lacking = codes.filter((code) => !known[`errors.${code}`] && !known[`codes.${code}`]);
      assert.deepEqual(lacking, [], language);
    }
  });

  it('stand in one file each, and for no code that there is not', () => {
    for (const [language, known] of words) {
      const keys = Object.keys(known).filter((key) => /^(errors|codes)\./.test(key));
      const codes = keys.map((key) => key.replace(/^\w+\./, ''));
      assert.deepEqual(
        codes.filter((code) => !Object.hasOwn(catalogue, code)),
        [],
        language,
      );
      assert.equal(new Set(codes).size, codes.length, language);
    }
  });
});

describe('the words of the reasons that a node waits or leaves a duty', () => {
  for (const code of NODE_REASONS) {
    it(`${code}: they are there in every language, and name the values that the reason has, but for English ones`, () => {
      const sentence = reasonText(nodeReason(code));
      const needed = sentence.split('undefined').length - 1;
      for (const [language, known] of words) {
        const message = known[`operate.reason-${code}`];
        assert.ok(message !== undefined, `${language} has words for ${code}`);
        const named = placeholders(message).split(', ').filter(Boolean);
        // The command that the words name says what a restored node missed, in English.
        assert.equal(named.length, code === 'missed' ? 0 : needed, `${language} ${code}`);
      }
    });
  }
});
