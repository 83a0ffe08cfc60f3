import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ROLES } from '../../../../src/protocol/vocabulary.ts';
import { isFor, SCREENS } from '../screens.ts';
import { NEWS_KINDS } from './newsKinds.ts';

describe('each kind of news', () => {
  for (const { kind, at } of NEWS_KINDS) {
    it(`${kind}: is handled on a screen that exists, and on one alone for each role`, () => {
      for (const path of at)
        assert.ok(
          SCREENS.some((screen) => screen.path === path),
          path,
        );
      for (const role of ROLES) {
        const own = SCREENS.filter((screen) => isFor(screen, { role })).map(({ path }) => path);
        assert.ok(at.filter((path) => own.includes(path)).length <= 1, role);
      }
    });
  }
});
