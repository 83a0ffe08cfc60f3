import { MedsealError } from '../../../src/errors/MedsealError.ts';

/**
 * Refuses a file that the browser has no space to seal.
 *
 * @param size - Bytes of the file.
 * @throws MedsealError `DEVICE_FULL`.
 */
export async function requireSpace(size: number): Promise<void> {
  const { quota, usage = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  if (quota !== undefined && size > quota - usage) throw new MedsealError('DEVICE_FULL', {});
}
