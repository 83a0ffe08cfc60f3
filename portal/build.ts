import { chmodSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'vite';
import { pinPages } from './pinPages.ts';
import config from './vite.config.ts';
import { workerConfig } from './workerConfig.ts';

/**
 * Builds the portal, without a network, and pins all its files by the hash of its page. An earlier build stays until this
 * one is complete.
 *
 * @param dist - The folder in which the files lie in the end; it is replaced.
 */
export async function buildPortal(dist: string): Promise<void> {
  const beside = mkdtempSync(join(dirname(dist), '.dist-'));
  try {
    await build({
      ...config,
      configFile: false,
      build: { ...config.build, outDir: beside, emptyOutDir: true },
    });
    await build(workerConfig(beside));
    pinPages(beside);
    chmodSync(beside, 0o755);
    if (existsSync(dist)) renameSync(dist, join(beside, '.before'));
    renameSync(beside, dist);
    rmSync(join(dist, '.before'), { recursive: true, force: true });
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
}

if (import.meta.main) await buildPortal(join(import.meta.dirname, 'dist'));
