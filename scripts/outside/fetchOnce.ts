import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const CACHE = resolve(import.meta.dirname, '../../.cache/outside');

/** An archive that a test reads and nobody commits. */
export interface Archive {
  /** Such as `hl7.fhir.uv.ips-2.0.0`; the name of the folder that it is unpacked to. */
  readonly name: string;
  readonly url: string;
  /** Of the whole archive: SHA-256 in hexadecimal. */
  readonly sha256: string;
  /** The command that unpacks it; gets the archive as last argument, and the target as working directory. */
  readonly unpack: readonly [string, ...string[]];
}

/**
 * Fetches an archive beside the project's caches and unpacks it, once.
 *
 * @param archive - Which.
 * @returns The folder, or why it cannot be had: a test skips with that sentence.
 * @throws Error if what came is not what was pinned.
 */
export async function fetchOnce({
  name,
  url,
  sha256,
  unpack: [command, ...words],
}: Archive): Promise<{ readonly folder: string } | string> {
  const folder = join(CACHE, name);
  if (existsSync(folder)) return { folder };
  const answer = await fetch(url).catch((cause: unknown) => cause as Error);
  if (answer instanceof Error) return `${name} cannot be fetched: ${answer.message}`;
  if (!answer.ok) return `${name} cannot be fetched: ${answer.status}`;
  const bytes = Buffer.from(await answer.arrayBuffer());
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== sha256) throw new Error(`${name} is ${found}, not ${sha256}`);
  mkdirSync(CACHE, { recursive: true });
  const arriving = mkdtempSync(join(CACHE, 'arriving-'));
  try {
    writeFileSync(join(arriving, 'archive'), bytes);
    const { status, stderr } = spawnSync(command, [...words, 'archive'], {
      cwd: arriving,
      encoding: 'utf8',
    });
    if (status !== 0) return `${name} cannot be unpacked: ${stderr}`;
    rmSync(join(arriving, 'archive'));
    renameSync(arriving, folder);
    return { folder };
  } finally {
    rmSync(arriving, { recursive: true, force: true });
  }
}
