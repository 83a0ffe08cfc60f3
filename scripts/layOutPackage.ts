/**
 * Lays out in `dist/` what the compiler made of `src/` and `demo/`: the rooms of `src/` are the folders of `dist/`, with
 * `demo/` beside them. The few imports between the two are written accordingly.
 */
import { globSync, readdirSync, readFileSync, renameSync, rmdirSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';

const DIST = join(import.meta.dirname, '../dist');
const IMPORTED = /(\b(?:from |import |import\())(["'])(\.[^"'\n]+)\2/g;

/** The place in `dist/` of a file, from where the compiler put it. */
function placeOf(path: string): string {
  return path.replace(/^src\//, '');
}

for (const file of globSync('{src,demo}/**/*.{js,d.ts}', { cwd: DIST })) {
  const compiled = readFileSync(join(DIST, file), 'utf8');
  const folder = posix.dirname(file);
  const written = compiled.replaceAll(
    IMPORTED,
    (whole, before: string, quote: string, name: string) => {
      const target = posix.join(folder, name);
      if (file.split('/', 1)[0] === target.split('/', 1)[0]) return whole;
      return before + quote + posix.relative(placeOf(folder), placeOf(target)) + quote;
    },
  );
  if (written !== compiled) writeFileSync(join(DIST, file), written);
}
const rooms = join(DIST, 'src');
for (const name of readdirSync(rooms)) renameSync(join(rooms, name), join(DIST, name));
rmdirSync(rooms);
