import { join } from 'node:path';
import type { InlineConfig } from 'vite';
import config from './vite.config.ts';

/** Builds the gallery as the portal is built, for people who change it and for tests; no build of the portal has a file of it. */
export const GALLERY: InlineConfig = {
  configFile: false,
  root: join(import.meta.dirname, 'gallery'),
  base: './',
  publicDir: false,
  logLevel: 'warn',
  clearScreen: false,
  cacheDir: join(import.meta.dirname, '../.cache/vite'),
  ...(config.oxc !== undefined && { oxc: config.oxc }),
  ...(config.css !== undefined && { css: config.css }),
  ...(config.plugins !== undefined && { plugins: config.plugins }),
  ...(config.worker !== undefined && { worker: config.worker }),
  build: { target: 'es2024', reportCompressedSize: false, chunkSizeWarningLimit: 4000 },
};
