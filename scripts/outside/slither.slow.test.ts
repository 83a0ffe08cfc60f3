import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { compiler } from '../../contracts/compiler.ts';
import { fromPypi } from './fromPypi.ts';

/** Findings that were reviewed and are right, by check, with reason and places. */
type Reviewed = Readonly<
  Record<string, { readonly why: string; readonly where: readonly string[] }>
>;

interface Finding {
  readonly check: string;
  readonly impact: string;
  readonly text: string;
}

const ROOT = resolve(import.meta.dirname, '../..');
const slither = fromPypi('slither-analyzer==0.11.6');
const skip = typeof slither === 'string' ? slither : false;

describe('Slither', { skip }, () => {
  it('says nothing of the contracts that was not reviewed, and all that was reviewed is still so', (t) => {
    const reviewed = JSON.parse(
      readFileSync(join(import.meta.dirname, 'slither.reviewed.json'), 'utf8'),
    ) as Reviewed;
    const findings = analyse();
    const own = findings.filter(({ text }) => text.includes('(contracts/'));
    t.diagnostic(`${own.length} findings in the contracts, ${findings.length} with libraries`);
    const found = Object.groupBy(own, ({ check }) => check);
    const places = Object.entries(found).map(([check, all = []]) => [
      check,
      new Set(all.map(({ text }) => text.split(' (contracts/')[0])),
    ]);
    const expected = Object.entries(reviewed).map(([check, { where }]) => [check, new Set(where)]);
    assert.deepEqual(Object.fromEntries(places), Object.fromEntries(expected));
  });
});

function analyse(): readonly Finding[] {
  assert.ok(typeof slither !== 'string');
  const folder = mkdtempSync(join(tmpdir(), 'medseal-slither-'));
  try {
    // Slither reads the sources where the compiler's input says that they are.
    symlinkSync(join(ROOT, 'contracts'), join(folder, 'contracts'));
    symlinkSync(join(ROOT, 'node_modules/@openzeppelin'), join(folder, '@openzeppelin'));
    // Slither asks for the outputs that it needs, unless the input asks for others.
    const { outputSelection: _, ...settings } = compiler.settings;
    const input = { language: 'Solidity', sources: sources(), settings };
    writeFileSync(join(folder, 'input.json'), JSON.stringify(input));
    const command = `#!/bin/sh\nexec '${process.execPath}' '${import.meta.dirname}/solc.ts' "$@"\n`;
    writeFileSync(join(folder, 'solc'), command);
    chmodSync(join(folder, 'solc'), 0o755);
    const { code, stdout, stderr } = slither.run(
      [join(import.meta.dirname, 'runSlither.py'), './solc', 'input.json'],
      { cwd: folder },
    );
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout) as readonly Finding[];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The contracts and all that they import, by path. */
function sources(): Record<string, { readonly content: string }> {
  const found: Record<string, { readonly content: string }> = {};
  const waiting = readdirSync(join(ROOT, 'contracts'))
    .filter((name) => name.endsWith('.sol') && !name.endsWith('.t.sol'))
    .map((name) => `contracts/${name}`);
  for (const path of waiting) {
    if (found[path] !== undefined) continue;
    const file = path.startsWith('@') ? join(ROOT, 'node_modules', path) : join(ROOT, path);
    const content = readFileSync(file, 'utf8');
    found[path] = { content };
    for (const [, imported = ''] of content.matchAll(/^import[^;]*["']([^"']+)["'];/gm)) {
      const from = new URL(imported, `file:///${path}`).pathname.slice(1);
      waiting.push(imported.startsWith('.') ? from : imported);
    }
  }
  return found;
}
