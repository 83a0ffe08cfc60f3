import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Sizes of the built portal, gzipped, in bytes. */
export interface PortalSize {
  /** Of the page, its styles, its code with all that this imports at once, and the English words. */
  readonly first: number;
  /** Of the first screen, the code that lets a person in and shows a patient's home, and the English words of that. */
  readonly home: number;
  /** Of all files but those of care, of the viewer, of the camera and of easy words. */
  readonly whole: number;
  /** Of care: the code of its screens, and their words in all languages. */
  readonly care: number;
  /** Of the viewer of PDFs, which the first PDF that is opened loads. */
  readonly viewer: number;
  /** Of the reader of codes, which the first scan loads; its words apart. */
  readonly camera: number;
  /** Of the easy words of all languages that have some, which whoever chooses them loads for one. */
  readonly easy: number;
}

const HOME = /^assets\/(?:enter|home|_?home_en)-[\w-]+\.js$/;
const CARE = /^assets\/_?care-[\w-]+\.js$/;
const CAMERA = /^assets\/(?:ScanDialog|codeWorker)-[\w-]+\.js$/;
const EASY = /^assets\/_?easy-[\w-]+\.js$/;
const VIEWER = /^assets\/(?:(?:PdfView|pdfWorker)-[\w-]+\.js|[\w-]+\.(?:wasm|pfb))$/;

/**
 * Measures what a browser loads.
 *
 * @param dist - The folder of the built files.
 */
export function portalSize(dist: string): PortalSize {
  const page = readFileSync(join(dist, 'index.html'), 'utf8');
  const files = globSync('**/*.*', { cwd: dist });
  const named = [...page.matchAll(/ (?:src|href)="\.\/([^"]+)"/g)].map(([, path = '']) => path);
  const words = files.filter((path) => /^assets\/_?words_en-[\w-]+\.js$/.test(path));
  const first = new Set(['index.html', ...loadedWith(dist, [...named, ...words])]);
  const home = new Set([...first, ...files.filter((path) => HOME.test(path))]);
  const sum = (paths: readonly string[]): number =>
    paths.reduce((total, path) => total + gzipSync(readFileSync(join(dist, path))).length, 0);
  const apart = [CARE, VIEWER, CAMERA, EASY];
  const rest = files.filter((path) => !apart.some((part) => part.test(path)));
  return {
    first: sum([...first]),
    home: sum([...home]),
    whole: sum(rest),
    care: sum(files.filter((path) => CARE.test(path))),
    viewer: sum(files.filter((path) => VIEWER.test(path))),
    camera: sum(files.filter((path) => CAMERA.test(path))),
    easy: sum(files.filter((path) => EASY.test(path))),
  };
}

/** Files that are loaded with some, those among them. */
function loadedWith(dist: string, paths: readonly string[]): ReadonlySet<string> {
  const found = new Set(paths);
  for (const path of found) {
    if (!path.endsWith('.js')) continue;
    for (const imported of importedBy(join(dist, path))) found.add(imported);
  }
  return found;
}

/**
 * Returns the files that a built module imports at once, which lie beside it.
 *
 * @param path - The module's file.
 */
export function importedBy(path: string): readonly string[] {
  const statics =
    /(?:^|[;}\s])(?:import|export)\s*(?:[\w$*{][^"'`()]*?\bfrom)?\s*["']\.\/([^"']+)["']/g;
  return [...readFileSync(path, 'utf8').matchAll(statics)].map(([, name = '']) => `assets/${name}`);
}
