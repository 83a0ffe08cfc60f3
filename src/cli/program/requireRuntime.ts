import { MedsealError } from '../../errors/MedsealError.ts';

/** The oldest Node that has all that is used of it, the post-quantum part of `node:crypto` above all. */
export const OLDEST_NODE = '24.7';

/**
 * Checks that the Node that runs this is not too old.
 *
 * @param version - Its version, such as `24.21.0`.
 * @throws MedsealError `RUNTIME_OLD`.
 */
export function requireRuntime(version: string = process.versions.node): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldMajor = 0, oldMinor = 0] = OLDEST_NODE.split('.').map(Number);
  if (major > oldMajor || (major === oldMajor && minor >= oldMinor)) return;
  throw new MedsealError('RUNTIME_OLD', { found: version, oldest: OLDEST_NODE });
}
