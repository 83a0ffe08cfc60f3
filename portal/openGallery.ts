import { createServer } from 'vite';
import { GALLERY } from './galleryConfig.ts';

/** Serves the gallery to this machine while it is changed; the page follows each change of a file. */
const server = await createServer({ ...GALLERY, logLevel: 'info', server: { host: '127.0.0.1' } });
await server.listen();
server.printUrls();
