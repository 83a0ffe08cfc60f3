import { portablePrimitives } from '../../../src/client/index.ts';
import { MedsealError } from '../../../src/errors/MedsealError.ts';
import { bytesToHex } from '../../../src/crypto/bytes.ts';
import { useTask, type Task } from './useTask.ts';

/** Fetches the page as this browser gets it, and returns its SHA-256 in hexadecimal, which pins the portal. */
export function usePageHash(): Task<string> {
  return useTask(async () => {
    const url = location.href.replace(/[?#].*$/s, '');
    const page = await fetch(url).catch(() => undefined);
    // The page of an error has a hash too, which pins nothing.
    if (page?.ok !== true) throw new MedsealError('PEER_UNREACHABLE', { peer: url });
    const content = new Uint8Array(await page.arrayBuffer());
    return bytesToHex(portablePrimitives.sha256(content)).slice(2);
  }, []);
}
