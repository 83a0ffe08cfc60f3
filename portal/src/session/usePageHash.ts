import { portablePrimitives } from '../../../src/client/index.ts';
import { bytesToHex } from '../../../src/crypto/bytes.ts';
import { useTask, type Task } from './useTask.ts';

/** Fetches the page as this browser gets it, and returns its SHA-256 in hexadecimal, which pins the portal. */
export function usePageHash(): Task<string> {
  return useTask(async () => {
    const page = await fetch(location.href.replace(/[?#].*$/s, ''));
    const content = new Uint8Array(await page.arrayBuffer());
    return bytesToHex(portablePrimitives.sha256(content)).slice(2);
  }, []);
}
