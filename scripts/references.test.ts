import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { servedOperations } from '../src/http/operations/operations.ts';
import { requestTypes } from '../src/protocol/struct/requestTypes.ts';
import { peerCalls } from '../src/services/peers/peerCalls.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = readFileSync(join(root, 'docs/build/references.md'), 'utf8');
const [tables = '', nothing = ''] = page.split('\n## Fields that name nothing\n');
const rows = tables.split('\n').filter((line) => line.startsWith('| ') && !/^\| -+ /.test(line));
/** Names in the first column of each row, set as code. */
const named = new Set(
  rows.flatMap((row) => {
    const [, first = ''] = row.split(' | ', 1)[0]?.split('| ') ?? [];
    return [...first.matchAll(/`([\w.]+)`/g)].map(([, name = '']) => name);
  }),
);

describe('the page of references', () => {
  it('names for each of them a test that exists', () => {
    const tests = rows.flatMap((row) => [...row.matchAll(/\| `([^`]+\.(?:ts|sol))`: (.+?) +\|$/g)]);
    assert.ok(tests.length >= 60, `${tests.length} tests`);
    const headings = rows.filter((row) => / test +\|$/.test(row));
    assert.equal(tests.length + headings.length, rows.length, 'each row has one');
    for (const [row, path = '', name = ''] of tests) {
      assert.ok(readFileSync(join(root, path), 'utf8').includes(name), row);
    }
  });

  it('has every field of everything that is signed', () => {
    const others = new Set([...nothing.matchAll(/`(\w+)`/g)].map(([, name = '']) => name));
    const fields = Object.entries(requestTypes).flatMap(([type, each]) =>
      each.flatMap(({ name }) => (others.has(name) ? [] : [`${type}.${name}`])),
    );
    assert.deepEqual(
      fields.filter((field) => !named.has(field)),
      [],
    );
  });

  it('has every operation of the HTTP API, and every call between organisations', () => {
    const calls = Object.entries(peerCalls).flatMap(([service, methods]) =>
      Object.keys(methods).map((method) => `${service}.${method}`),
    );
    const all = [...servedOperations.map(({ id }) => id), ...calls];
    assert.deepEqual(
      all.filter((name) => !named.has(name)),
      [],
    );
  });
});
