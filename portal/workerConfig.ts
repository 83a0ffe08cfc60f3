import { join } from 'node:path';
import type { InlineConfig } from 'vite';

/**
 * Builds the service worker by itself, into one file that imports nothing: no browser would verify what it imports.
 *
 * @param dist - The folder of the built files.
 */
export function workerConfig(dist: string): InlineConfig {
  return {
    root: import.meta.dirname,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    clearScreen: false,
    build: {
      outDir: dist,
      emptyOutDir: false,
      target: 'es2024',
      reportCompressedSize: false,
      lib: {
        entry: join(import.meta.dirname, 'src/worker/offlineWorker.ts'),
        formats: ['es'],
        fileName: () => 'worker.js',
      },
    },
  };
}
