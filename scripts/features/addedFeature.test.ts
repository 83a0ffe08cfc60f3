import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { describe, it } from 'node:test';
import { ROOT } from '../sdkPrograms.ts';
import { applyFeature, featurePatches } from './addedFeature.ts';

describe('the page that adds a feature', () => {
  it('has patches that fit the sources', async () => {
    await applyFeature(ROOT, '--check');
  });

  it('names a test and at most four places, which a reader takes in at once', async () => {
    const [test = '', ...places] = await featurePatches();
    const page = await readFile(`${ROOT}/docs/build/a-feature.md`, 'utf8');
    assert.ok(places.length > 0 && places.length <= 4);
    for (const path of [test, ...places]) {
      assert.ok(page.includes(`(a-feature/${basename(path)})`), path);
    }
    const texts = await Promise.all(places.map(async (path) => await readFile(path, 'utf8')));
    const changed = texts.join('').match(/^[+-](?![+-]{2} )/gm) ?? [];
    assert.ok(changed.length <= 150, `${changed.length} lines`);
  });
});
