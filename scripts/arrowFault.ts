import { posix } from 'node:path';
import { isDemo, INDEX_OF, isTestFile, LOADS_DEMO, PAST_INDEX, roomOf, ROOMS } from './rooms.ts';

/**
 * Says what is wrong with one import, by the table of rooms.
 *
 * @param file - The importing file, from the project's root with forward slashes: `src/log/append.ts`.
 * @param imported - The module's name as written there, or undefined if it is computed.
 * @returns A sentence, or undefined if the import is allowed.
 */
export function arrowFault(file: string, imported: string | undefined): string | undefined {
  if (isTestFile(file)) return undefined;
  const name = roomOf(file) ?? '';
  const room = ROOMS[name];
  if (room === undefined) return `${file} is in no room of the design`;
  if (imported === undefined) return `${file} imports a module whose name is computed`;

  if (imported.startsWith('.')) {
    const target = posix.normalize(posix.join(posix.dirname(file), imported));
    const other = roomOf(target);
    if (other === undefined || ROOMS[other] === undefined)
      return `${file} imports ${target}, outside of every room`;
    if (isTestFile(target)) return `${file} imports ${target}, which is for tests`;
    const index = INDEX_OF[other] ?? `src/${other}/index.ts`;
    const isPast = target !== index && PAST_INDEX[file] !== target;
    if (room.byIndex?.includes(other) === true && isPast)
      return `${file} imports ${target}, but ${name} imports ${other} by its index alone`;
    if (other === name || room.rooms.includes(other)) return undefined;
    if (isDemo(other) && file in LOADS_DEMO) return undefined;
    return `${file} imports ${target}, but ${name} may not import ${other}`;
  }
  if (imported.startsWith('node:')) {
    return room.browser
      ? `${file} imports ${imported}, but ${name} also runs in a browser`
      : undefined;
  }
  const allowed = room.packages.some((allowed) =>
    allowed.endsWith('/*')
      ? imported.startsWith(allowed.slice(0, -1))
      : imported === allowed || imported.startsWith(`${allowed}/`),
  );
  return allowed ? undefined : `${file} imports ${imported}, which is not a package of ${name}`;
}
