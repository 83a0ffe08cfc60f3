import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MedsealError } from '../../errors/MedsealError.ts';
import { portalPins } from '../../protocol/portal/portalPins.ts';

/** The built portal, in memory. */
export interface Portal {
  /** SHA-256 of its page in hexadecimal, which pins all of its files. */
  readonly sha256: string;
  /** Content security policy that it is served with. */
  readonly policy: string;
  /** Contents of its files by path below the page, which is `index.html`. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** The folder that `npm run prepare` builds the portal into; the package has it at the same place. */
const BUILT = join(import.meta.dirname, '../../../portal/dist');
const PAGE = 'index.html';

/**
 * Reads the built portal, and requires that each file is the one that was built.
 *
 * @param folder - The folder; the one that was built beside this program if absent.
 * @returns The portal; undefined if none was built.
 * @throws MedsealError `PORTAL_DAMAGED` naming the file that is missing or differs.
 */
export async function readPortal(folder = BUILT): Promise<Portal | undefined> {
  const pin = await readOrNothing(join(folder, 'portal.json'));
  if (pin === undefined) return undefined;
  const { sha256, policy } = parsePin(pin);
  const page = await read(folder, PAGE);
  const pins = portalPins(page.toString('utf8'));
  if (hashOf(page, 'hex') !== sha256 || pins === undefined) throw damaged(PAGE);
  const files = new Map<string, Uint8Array>([[PAGE, page]]);
  for (const [path, integrity] of pins) {
    const bytes = await read(folder, path);
    if (`sha256-${hashOf(bytes, 'base64')}` !== integrity) throw damaged(path);
    files.set(path, bytes);
  }
  return { sha256, policy, files };
}

function parsePin(text: Buffer): Pick<Portal, 'sha256' | 'policy'> {
  try {
    const { sha256, policy } = JSON.parse(text.toString('utf8')) as Record<string, unknown>;
    if (typeof sha256 === 'string' && typeof policy === 'string') return { sha256, policy };
  } catch {
    // It is damaged: see below.
  }
  throw damaged('portal.json');
}

async function read(folder: string, path: string): Promise<Buffer> {
  const bytes = await readOrNothing(join(folder, path));
  if (bytes === undefined) throw damaged(path);
  return bytes;
}

async function readOrNothing(path: string): Promise<Buffer | undefined> {
  return await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
}

function hashOf(bytes: Uint8Array, encoding: 'base64' | 'hex'): string {
  return createHash('sha256').update(bytes).digest(encoding);
}

function damaged(file: string): MedsealError {
  return new MedsealError('PORTAL_DAMAGED', { file });
}
