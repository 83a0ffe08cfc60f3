import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exampleFaults } from './exampleFaults.ts';
import type { EntryPoint, PublicExport } from './publicApi.ts';

const EXAMPLE = ['@example', '```ts', 'const one = 1;', 'console.log(one);', '```'].join('\n');

function door(...docs: readonly string[]): EntryPoint {
  const exports = docs.map((doc, at): PublicExport => {
    const place = { home: `f${at}`, uses: [], parameters: [], text: '' };
    return { name: `f${at}`, kind: 'function', doc, ...place };
  });
  return { name: 'medseal/client', doc: '', file: 'client/index.d.ts', exports };
}

describe('faults of docstrings', () => {
  it('are absent with an example, and errors whose codes exist', () => {
    const thrown = '@throws MedsealError `RIGHT_MISSING`; `EPOCH_STALE` if the keys turned.';
    const platform = '@throws DOMException of the browser.';
    const whole = door(...[thrown, platform].map((tag) => `Does it.\n\n${tag}\n${EXAMPLE}`));
    assert.deepEqual(exampleFaults(whole, []), []);
    assert.deepEqual(exampleFaults(door(`Does it.\n\n${EXAMPLE}`), ['f0']), []);
  });

  it('are a missing example, missing errors, an unknown code, and no code', () => {
    const docs = [
      'Does it.\n\n@throws MedsealError `RIGHT_MISSING`.',
      `Does it.\n\n${EXAMPLE}`,
      `Does it.\n\n@throws MedsealError \`RIGHT_LOST\`.\n${EXAMPLE}`,
      `Does it.\n\n@throws MedsealError as others do.\n${EXAMPLE}`,
      `Does it.\n\n@throws MedsealError \`NOT_FOUND\`.\n${EXAMPLE}`,
    ];
    assert.deepEqual(exampleFaults(door(...docs), ['f4']), [
      'f0 has no @example',
      'f1 has no @throws',
      'f2 names RIGHT_LOST, which callers never get',
      'f3 names no code in @throws',
      'f4 is not harmless',
    ]);
  });
});
