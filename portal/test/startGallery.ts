import { join } from 'node:path';
import { build, preview } from 'vite';
import { GALLERY } from '../galleryConfig.ts';

/** The built gallery, on this machine. */
export interface RunningGallery {
  readonly url: string;
  close(): Promise<void>;
}

/** Builds the gallery, and serves it on a free port. */
export async function startGallery(): Promise<RunningGallery> {
  const outDir = join(import.meta.dirname, '../../.cache/gallery');
  const config = { ...GALLERY, build: { ...GALLERY.build, outDir, emptyOutDir: true } };
  await build(config);
  const server = await preview({ ...config, preview: { host: '127.0.0.1', port: 0 } });
  const [url = ''] = server.resolvedUrls?.local ?? [];
  return { url, close: async () => await server.close() };
}
