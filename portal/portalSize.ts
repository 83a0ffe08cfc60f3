import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Sizes of the built portal, gzipped, in bytes. */
export interface PortalSize {
  /** Of the page, its styles, its code with all that this imports at once, and the English words. */
  readonly first: number;
  /** Of all files but those of care and of the viewer. */
  readonly whole: number;
  /** Of care: the code of its screens, and their words in all languages. */
  readonly care: number;
  /** Of the viewer of PDFs, which the first PDF that is opened loads. */
  readonly viewer: number;
}

const CARE = /^assets\/_?care-[\w-]+\.js$/;
const VIEWER = /^assets\/(?:(?:PdfView|pdfWorker)-[\w-]+\.js|[\w-]+\.(?:wasm|pfb))$/;

/**
 * Measures what a browser loads.
 *
 * @param dist - The folder of the built files.
 */
export function portalSize(dist: string): PortalSize {
  const page = readFileSync(join(dist, 'index.html'), 'utf8');
  const files = globSync('**/*.*', { cwd: dist });
  const first = new Set(['index.html']);
  const waiting = [...page.matchAll(/ (?:src|href)="\.\/([^"]+)"/g)].map(([, path = '']) => path);
  waiting.push(...files.filter((path) => /^assets\/_?words_en-[\w-]+\.js$/.test(path)));
  for (const path of waiting) {
    if (first.has(path)) continue;
    first.add(path);
    if (path.endsWith('.js')) waiting.push(...importedBy(join(dist, path)));
  }
  const sum = (paths: readonly string[]): number =>
    paths.reduce((total, path) => total + gzipSync(readFileSync(join(dist, path))).length, 0);
  const apart = [CARE, VIEWER];
  const rest = files.filter((path) => !apart.some((part) => part.test(path)));
  return {
    first: sum([...first]),
    whole: sum(rest),
    care: sum(files.filter((path) => CARE.test(path))),
    viewer: sum(files.filter((path) => VIEWER.test(path))),
  };
}

/** Files that a built module imports at once, which lie beside it. */
function importedBy(path: string): readonly string[] {
  const statics =
    /(?:^|[;}\s])(?:import|export)\s*(?:[\w$*{][^"'`()]*?\bfrom)?\s*["']\.\/([^"']+)["']/g;
  return [...readFileSync(path, 'utf8').matchAll(statics)].map(([, name = '']) => `assets/${name}`);
}
