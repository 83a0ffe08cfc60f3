import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { PORTAL_BUDGET } from '../scripts/budgets.ts';
import { MedsealError } from '../src/errors/MedsealError.ts';
import { readPortal } from '../src/http/portal/readPortal.ts';
import { buildPortal } from './build.ts';
import { importRings } from './importRings.ts';
import { portalPolicy } from './portalPolicy.ts';
import { importedBy, portalSize } from './portalSize.ts';
import { FRAME_SCRIPT, frameDocument } from './src/pdf/frameDocument.ts';

let folder: string;
let dist: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medseal-portal-'));
  dist = join(folder, 'dist');
  await buildPortal(dist);
});

after(async () => await rm(folder, { recursive: true }));

/** Hash of all files of a folder, by their paths. */
function treeHash(of: string): string {
  const hash = createHash('sha256');
  for (const path of globSync('**/*.*', { cwd: of }).toSorted()) {
    hash.update(`${path}\0`).update(readFileSync(join(of, path)));
  }
  return hash.digest('hex');
}

describe('the build of the portal', () => {
  it('gives the same tree of files twice, replaces what was there, and leaves nothing beside it', async () => {
    const first = treeHash(dist);
    await writeFile(join(dist, 'old.js'), 'from before');
    await buildPortal(dist);
    assert.equal(treeHash(dist), first);
    assert.deepEqual(await readdir(folder), ['dist']);
  });

  it('pins every file but the page by its integrity, and the page by one hash', async () => {
    const portal = await readPortal(dist);
    const files = globSync('**/*.*', { cwd: dist }).toSorted();
    assert.deepEqual(
      [...(portal?.files.keys() ?? []), 'portal.json'].toSorted(),
      files.map((path) => path.replaceAll('\\', '/')),
    );
  });

  it('names no other host, and tags its code and styles with their integrity', () => {
    const page = readFileSync(join(dist, 'index.html'), 'utf8');
    assert.doesNotMatch(page, /(?:src|href)="(?:https?:)?\/\//);
    for (const [tag] of page.matchAll(/<(?:script|link)\b[^>]*(?:src|href)=[^>]*>/g)) {
      assert.match(tag, / integrity="sha256-[\w+/]{43}="/);
    }
    const beforeMap = page.slice(0, page.indexOf('<script type="importmap">'));
    assert.doesNotMatch(beforeMap, /<script|modulepreload/, 'the map comes before all code');
  });

  it('allows the page no code but its own and the pinned map, in the policy of the page and of the server', () => {
    const { policy } = JSON.parse(readFileSync(join(dist, 'portal.json'), 'utf8')) as {
      policy: string;
    };
    const page = readFileSync(join(dist, 'index.html'), 'utf8');
    const map = /<script type="importmap">([^<]*)</.exec(page)?.[1] ?? '';
    const hash = createHash('sha256').update(map).digest('base64');
    assert.match(
      policy,
      /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'sha256-[\w+/=]+' 'sha256-[\w+/=]+'; /,
    );
    assert.ok(policy.includes(`'sha256-${hash}'`));
    assert.doesNotMatch(policy.replace("'wasm-unsafe-eval'", ''), /unsafe|\*|https?:/);
    assert.ok(page.includes(`content="${policy.replace("; frame-ancestors 'none'", '')}"`));
  });

  // @class a viewer of the browser, which the page's policy does not bind, gets a document of others | frames, objects, windows and addresses in memory
  it('lets the page make addresses in memory for images and its own workers only, and frame or embed nothing', () => {
    const allowed = portalPolicy('sha256-x')
      .split('; ')
      .filter((rule) => rule.includes('blob:') || /^(?:frame|child|object|media)-src/.test(rule));
    assert.deepEqual(allowed, ["img-src 'self' blob: data:", "worker-src 'self' blob:"]);
  });

  it('makes WebAssembly of nothing but the pinned decoders of scans', () => {
    const scripts = globSync('**/*.js', { cwd: dist });
    const withWasm = scripts.filter((path) =>
      readFileSync(join(dist, path), 'utf8').includes('WebAssembly'),
    );
    const [pdf = '', ...others] = withWasm.toSorted();
    assert.deepEqual(others, []);
    assert.match(pdf, /^assets[\\/]pdfWorker-[\w-]+\.js$/);
    const decoders = globSync('**/*.wasm', { cwd: dist }).map((path) => path.replace(/-.*/, ''));
    const names = decoders.map((path) => path.replaceAll('\\', '/')).toSorted();
    assert.deepEqual(names, ['assets/jbig2', 'assets/openjpeg']);
  });

  it('allows no code that stands in a page but its map and the one program of the viewer’s frame', () => {
    const hash = createHash('sha256').update(FRAME_SCRIPT).digest('base64');
    assert.deepEqual(portalPolicy('sha256-x').match(/'sha256-[^']+'/g), [
      "'sha256-x'",
      `'sha256-${hash}'`,
    ]);
    assert.ok(frameDocument(`sha256-${hash}`).endsWith(`<script>${FRAME_SCRIPT}</script>`));
  });

  it('has a first screen, a whole, screens of care, a viewer, a camera and easy words within their budgets', (t) => {
    const { first, home, whole, care, viewer, camera, easy } = portalSize(dist);
    t.diagnostic(
      `first screen ${first} bytes, with home ${home} bytes, all but what follows ${whole} bytes, care ${care} bytes, ` +
        `viewer of PDFs ${viewer} bytes, camera ${camera} bytes, easy words ${easy} bytes, gzipped`,
    );
    assert.ok(viewer <= PORTAL_BUDGET.viewer, `${viewer} bytes`);
    assert.ok(viewer > 500_000, 'the viewer has files of its own');
    assert.ok(camera <= PORTAL_BUDGET.camera, `${camera} bytes`);
    assert.ok(camera > 12_000, 'the camera has files of its own');
    assert.ok(easy <= PORTAL_BUDGET.easy, `${easy} bytes`);
    assert.ok(easy > 10_000, 'easy words have files of their own');
    assert.ok(first <= PORTAL_BUDGET.first, `${first} bytes`);
    assert.ok(home <= PORTAL_BUDGET.home, `${home} bytes`);
    assert.ok(whole <= PORTAL_BUDGET.whole, `${whole} bytes`);
    assert.ok(care <= PORTAL_BUDGET.care, `${care} bytes`);
    assert.ok(care > 5_000, 'care has files of its own');
    assert.ok(first > 50_000 && first <= whole, 'what is counted is the page’s code');
  });

  it('has the catalogue’s sentences, and leaves out what it advises in English', () => {
    const { message, next } = new MedsealError('REQUEST_SLOW', {});
    const [path = ''] = globSync('assets/first-*.js', { cwd: dist });
    const code = readFileSync(join(dist, path), 'utf8');
    assert.ok(code.includes(message));
    assert.ok(!code.includes(next));
  });

  it('has no files that import each other in a ring', () => {
    assert.deepEqual(importRings(dist), []);
  });

  it('loads with the first screen, with a session and with a home no code of what comes later', () => {
    const files = globSync('assets/*.js', { cwd: dist }).map((path) => path.replaceAll('\\', '/'));
    const fileOf = (name: string): string =>
      files.find((path) => path.startsWith(`assets/${name}-`)) ?? assert.fail(name);
    const layers = ['rolldown-runtime', 'first', 'enter', 'home', 'patients'].map(fileOf);
    for (const [nth, path] of layers.entries()) {
      const later = importedBy(join(dist, path)).filter(
        (each) => !layers.slice(0, nth).includes(each),
      );
      assert.deepEqual(later, [], path);
    }
  });
});
