import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { portalPins } from './portalPins.ts';

const PIN = `sha256-${'A'.repeat(43)}=`;

function pageOf(map: unknown): string {
  const text = typeof map === 'string' ? map : JSON.stringify(map);
  return `<!doctype html><head><script type="importmap">${text}</script></head>`;
}

describe('the pins of a portal’s page', () => {
  it('name each file below the page', () => {
    const integrity = { './assets/main-1_a.js': PIN, './icon.svg': PIN };
    assert.deepEqual(
      portalPins(pageOf({ integrity })),
      new Map([
        ['assets/main-1_a.js', PIN],
        ['icon.svg', PIN],
      ]),
    );
  });

  for (const [what, page] of [
    ['a page without a map', '<!doctype html><p>Hello'],
    ['a map that is not JSON', pageOf('{')],
    ['a map that is null', pageOf('null')],
    ['a map without integrity', pageOf({ imports: {} })],
    ['a file above the page', pageOf({ integrity: { './../v1/network': PIN } })],
    ['a hidden file', pageOf({ integrity: { './.env': PIN } })],
    ['a file of another origin', pageOf({ integrity: { 'https://evil.example/a.js': PIN } })],
    ['a file by its absolute path', pageOf({ integrity: { '/a.js': PIN } })],
    ['a path with an escape', pageOf({ integrity: { './%2e%2e/a.js': PIN } })],
    ['an integrity of another hash', pageOf({ integrity: { './a.js': 'md5-AAAA' } })],
    ['an integrity that is empty', pageOf({ integrity: { './a.js': '' } })],
    ['an integrity of two', pageOf({ integrity: { './a.js': `${PIN} ${PIN}` } })],
  ] as const) {
    it(`are not there for ${what}`, () => {
      assert.equal(portalPins(page), undefined);
    });
  }
});
