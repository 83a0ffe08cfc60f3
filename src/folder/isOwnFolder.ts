import { statSync } from 'node:fs';

/**
 * Tells whether a folder belongs to whoever runs this, and nobody else can write to it. Systems without owners have no
 * answer; there it is taken for one.
 *
 * @param folder - Its path.
 * @param isAnyOwner - True if it may belong to another, such as for the machine's administrator, who may be given it.
 * @throws Error of the system if it is not there.
 */
export function isOwnFolder(folder: string, isAnyOwner = false): boolean {
  if (process.getuid === undefined) return true;
  const { uid, mode } = statSync(folder);
  return (isAnyOwner || uid === process.getuid()) && (mode & 0o022) === 0;
}
