import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'node:test';
import { isQuorum } from '../src/protocol/network/isQuorum.ts';
import { promisesOf } from '../src/protocol/evidence/promisesOf.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Sentences of the pages by hand that give numbers of organisations, with the page that each is on. */
function matches(pattern: RegExp): readonly (readonly [string, readonly number[]])[] {
  const pages = globSync('{README.md,docs/{use,run,build,why}/**/*.md}', { cwd: root });
  return pages.flatMap((page) => {
    const text = readFileSync(join(root, page), 'utf8').replaceAll(/\s+/g, ' ');
    return [...text.matchAll(pattern)].map(
      ([said, ...numbers]) => [`${page}: ${said}`, numbers.map(Number)] as const,
    );
  });
}

/** Tells whether releases wait for a checkpoint, with one organisation that lies. */
function forks(releases: number, organisations: number): boolean {
  return promisesOf({ organisations, releases, checkpoints: releases, liars: 1 }).forks;
}

describe('what pages say about liars', () => {
  it('has each number of liars that two sets of k withstand from the table', () => {
    const said = matches(/k ?= ?(\d) of (?:n = )?(\d) tolerates \*{0,2}f = (\d)/g);
    assert.ok(said.length >= 2);
    for (const [sentence, [k = 0, organisations = 0, faulty = 0]] of said) {
      assert.ok(isQuorum(k, { organisations, faulty }), sentence);
      assert.ok(!isQuorum(k, { organisations, faulty: faulty + 1 }), sentence);
    }
  });

  it('has the networks whose releases wait for nothing from the table, and those that wait for their ledger', () => {
    const at = /It holds for (\d) of (\d), (\d) of (\d) and (\d) of (\d)\./g;
    const [sentence = '', numbers = []] = matches(at)[0] ?? [];
    for (let nth = 0; nth < numbers.length; nth += 2) {
      assert.ok(!forks(numbers[nth] ?? 0, numbers[nth + 1] ?? 0), sentence);
    }
    assert.equal(numbers.length, 6);
    const waiting = matches(
      /Elsewhere, as in (\d) of (\d),|With k = (\d) of (\d) the organisation of a log alone/g,
    );
    assert.equal(waiting.length, 2);
    for (const [said, found] of waiting) {
      const [k = 0, organisations = 0] = found.filter((number) => !Number.isNaN(number));
      assert.ok(forks(k, organisations), said);
    }
  });

  it('recommends a network that waits for nothing', () => {
    const said = matches(/Four organisations with k = (\d) is the recommended network/g);
    assert.equal(said.length, 1);
    for (const [sentence, [k = 0]] of said) assert.ok(!forks(k, 4), sentence);
  });
});
