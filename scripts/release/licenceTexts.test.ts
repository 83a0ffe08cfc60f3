import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { Component } from './Component.ts';
import { licenceTexts, namedLicences, requireLicences } from './licenceTexts.ts';
import { ReleaseError } from './runTool.ts';
import { BUILT_IN, shippedPackages } from './shippedPackages.ts';

/** Makes a project with installed packages, by their licences; the first one needs the second, and so on. */
function project(t: TestContext, licences: Readonly<Record<string, string | undefined>>): string {
  const root = mkdtempSync(join(tmpdir(), 'medseal-licences-'));
  t.after(() => rmSync(root, { recursive: true }));
  const names = [
    ...Object.keys(licences),
    ...BUILT_IN.map((place) => place.replace('node_modules/', '')),
  ];
  const packages: Record<string, object> = {
    '': { dependencies: { [names[0] ?? '']: '1' } },
    portal: {},
  };
  for (const [at, name] of names.entries()) {
    const place = join(root, 'node_modules', name);
    mkdirSync(place, { recursive: true });
    const license = name in licences ? licences[name] : 'MIT';
    writeFileSync(join(place, 'package.json'), JSON.stringify({ name, version: '1.0.0', license }));
    writeFileSync(join(place, 'LICENSE'), `Licence of ${name in licences ? name : 'both'}`);
    const next = names[at + 1] ?? '';
    const needs = next in licences ? { dependencies: { [next]: '1' } } : {};
    packages[`node_modules/${name}`] = { version: '1.0.0', integrity: 'sha512-YWJj', ...needs };
  }
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages }));
  return root;
}

function refusalOf(components: readonly Component[], packages: readonly string[] = []): string {
  try {
    requireLicences(components, packages);
  } catch (error) {
    assert.ok(error instanceof ReleaseError);
    return error.message;
  }
  return '';
}

describe('the licences of what a release ships', () => {
  it('are taken if they ask for their text alone, and named if they ask for more', (t) => {
    const shipped = shippedPackages(
      project(t, { a: 'MIT', b: 'MPL-2.0', c: '(GPL-2.0-only OR ISC)' }),
    );
    assert.equal(refusalOf(shipped), '');
    const named = [...namedLicences(shipped)].map(([licence, under]) => [
      licence,
      under.map(({ name }) => name),
    ]);
    assert.deepEqual(named, [['MPL-2.0', ['b']]]);
  });

  for (const licence of [
    'GPL-3.0-only',
    'AGPL-3.0-or-later',
    'GPL-3.0',
    'Commercial',
    'SEE LICENSE IN LICENSE',
    undefined,
  ]) {
    it(`are refused if what a dependency needs is under ${licence ?? 'none'}`, (t) => {
      const message = refusalOf(shippedPackages(project(t, { a: 'MIT', b: licence })));
      assert.match(message, /pkg:npm\/b@1\.0\.0/);
      assert.doesNotMatch(message, /npm\/a@/);
    });
  }

  it('are refused with a program of go-ethereum, whose libraries alone are under the LGPL', () => {
    const path = 'github.com/ethereum/go-ethereum/cmd/geth';
    assert.match(
      refusalOf([], ['github.com/ethereum/go-ethereum/core', path]),
      /cmd\/geth \(GPL-3\.0-only\)/,
    );
    assert.equal(refusalOf([], ['github.com/ethereum/go-ethereum/core']), '');
  });

  it('stand in one text, each once, below the names of all that share it', (t) => {
    const text = licenceTexts(shippedPackages(project(t, { a: 'MIT' })));
    assert.equal(text.split('Licence of both').length, 2);
    assert.match(
      text,
      /@medplum\/definitions 1\.0\.0: MIT \(LICENSE\)\n@openzeppelin\/contracts 1\.0\.0: MIT/,
    );
    assert.match(text, /Licence of a\n/);
  });

  it('are those of this project’s packages', () => {
    assert.equal(refusalOf(shippedPackages('.')), '');
  });
});

describe('a package that is shipped', () => {
  it('has a hash in the lock', () => {
    const without = shippedPackages('.').filter(({ sha512 }) => sha512 === undefined);
    assert.deepEqual(
      without.map(({ purl }) => purl),
      [],
    );
  });
});
