import assert from 'node:assert/strict';
import { it } from 'node:test';
import { base64 } from '@scure/base';
import * as fc from 'fast-check';
import { formatCheckpoint, parseCheckpoint } from './checkpoint.ts';

/** The example of C2SP tlog-checkpoint. */
const EXAMPLE =
  'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';

it('a checkpoint reads and writes as C2SP tlog-checkpoint shows', () => {
  const checkpoint = parseCheckpoint(EXAMPLE);
  assert.equal(checkpoint.origin, 'example.com/behind-the-sofa');
  assert.equal(checkpoint.size, 20_852_163);
  assert.deepEqual(checkpoint.root, base64.decode('CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I='));
  assert.equal(formatCheckpoint(checkpoint), EXAMPLE);
});

it('a checkpoint may carry lines for others', () => {
  assert.deepEqual(parseCheckpoint(`${EXAMPLE}one\ntwo\n`), parseCheckpoint(EXAMPLE));
});

it('a checkpoint comes back as it was written', () => {
  fc.assert(
    fc.property(
      fc.record({
        origin: fc.stringMatching(/^[^\n]+$/u),
        size: fc.maxSafeNat(),
        root: fc.uint8Array({ minLength: 32, maxLength: 32 }),
      }),
      (checkpoint) => {
        assert.deepEqual(parseCheckpoint(formatCheckpoint(checkpoint)), { ...checkpoint });
      },
    ),
  );
});

const [origin = '', size = '', root = ''] = EXAMPLE.split('\n');
const wrongTexts: Record<string, string> = {
  nothing: '',
  'no origin': `\n${size}\n${root}\n`,
  'two lines': `${origin}\n${size}\n`,
  'no last line break': EXAMPLE.slice(0, -1),
  'an empty line behind it': `${EXAMPLE}\n`,
  'a negative size': `${origin}\n-1\n${root}\n`,
  'a size with a leading zero': `${origin}\n01\n${root}\n`,
  'a size with a sign': `${origin}\n+1\n${root}\n`,
  'a size in hexadecimal': `${origin}\n0x10\n${root}\n`,
  'a size beyond 2^53': `${origin}\n9007199254740992\n${root}\n`,
  'a root of 31 bytes': `${origin}\n${size}\n${base64.encode(new Uint8Array(31))}\n`,
  'a root of 33 bytes': `${origin}\n${size}\n${base64.encode(new Uint8Array(33))}\n`,
  'a root in URL-safe base64': EXAMPLE.replace('/Xa', '_Xa'),
  'a root without padding': EXAMPLE.replace('=', ''),
  'a root with stray bits': EXAMPLE.replace('q2I=', 'q2J='),
};
for (const [what, text] of Object.entries(wrongTexts)) {
  it(`a checkpoint does not have ${what}`, () => {
    assert.throws(() => parseCheckpoint(text), { code: 'EVIDENCE_INVALID' });
  });
}

it('a checkpoint is not written of what no log can be', () => {
  const right = parseCheckpoint(EXAMPLE);
  for (const wrong of [
    { origin: '' },
    { origin: 'a\nb' },
    { origin: '\ud800' },
    { size: -1 },
    { size: 0.5 },
    { size: 2 ** 53 },
    { root: new Uint8Array(31) },
  ]) {
    assert.throws(() => formatCheckpoint({ ...right, ...wrong }), { code: 'REQUEST_MALFORMED' });
  }
});
