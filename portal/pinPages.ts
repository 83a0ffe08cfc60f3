import { createHash } from 'node:crypto';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { portalPolicy } from './portalPolicy.ts';

/**
 * Pins what was built: the page names the integrity of each file, and `portal.json` the SHA-256 of the page.
 *
 * @param dist - The folder of the built files; its page and `portal.json` are written.
 */
export function pinPages(dist: string): void {
  const page = join(dist, 'index.html');
  const files = globSync('**/*', { cwd: dist, withFileTypes: true })
    .filter((each) => each.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(dist.length + 1))
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path !== 'index.html')
    .toSorted();
  const integrity = Object.fromEntries(
    files.map((path) => [
      `./${path}`,
      `sha256-${sha256(readFileSync(join(dist, path)), 'base64')}`,
    ]),
  );
  const map = JSON.stringify({ integrity });
  const policy = portalPolicy(`sha256-${sha256(map, 'base64')}`);
  const built = readFileSync(page, 'utf8');
  const tagged = built.replaceAll(
    /<(?:script|link)\b[^>]*?\b(?:src|href)="(\.\/[^"]+)"/g,
    (tag, url: string) => {
      const pin = integrity[url];
      if (pin === undefined) throw new Error(`The page names ${url}, which was not built.`);
      return `${tag} integrity="${pin}"`;
    },
  );
  const head = [
    '<meta charset="utf-8" />',
    `<meta http-equiv="Content-Security-Policy" content="${policy.replace(/; frame-ancestors [^;]*/, '')}" />`,
    `<script type="importmap">${map}</script>`,
  ];
  const pinned = tagged.replace(/<meta charset="utf-8" ?\/?>/, () => head.join('\n    '));
  if (pinned === tagged)
    throw new Error('The page declares no charset, before which nothing may stand.');
  writeFileSync(page, pinned);
  const pin = { sha256: sha256(pinned, 'hex'), policy };
  writeFileSync(join(dist, 'portal.json'), `${JSON.stringify(pin, null, 2)}\n`);
}

function sha256(value: string | Uint8Array, encoding: 'base64' | 'hex'): string {
  return createHash('sha256').update(value).digest(encoding);
}
