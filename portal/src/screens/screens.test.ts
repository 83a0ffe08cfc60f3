import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { SCREENS, titleOfScreen } from './screens.ts';

describe('each screen', () => {
  // Browsers keep titles in their history.
  it('has a title of words alone: nothing of a record or a person stands in it', () => {
    for (const screen of SCREENS) {
      const [file = '', ...key] = titleOfScreen(screen).split('.');
      const words = JSON.parse(
        readFileSync(join(import.meta.dirname, `../words/en/${file}.json`), 'utf8'),
      ) as Readonly<Record<string, string>>;
      assert.match(words[key.join('.')] ?? '', /^[A-Z][^{}]+$/, screen.path);
    }
  });

  it('has a title of its own if another one opens it, but for one thing of a list', () => {
    const ofMenu = new Set(SCREENS.flatMap(({ menu }) => menu?.label ?? []));
    const shared = SCREENS.filter(
      (screen) => screen.menu === undefined && ofMenu.has(titleOfScreen(screen)),
    );
    for (const { path } of shared) assert.match(path, /:/);
  });
});
