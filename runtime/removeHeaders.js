/**
 * Removes the C++ headers from the Node that is installed here: 67 MB against which nothing is compiled, since the native
 * packages come with binaries. `npm ci` runs it.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';

const modules = new URL('../node_modules/node/node_modules/', import.meta.url);
for (const name of existsSync(modules) ? readdirSync(modules) : []) {
  rmSync(new URL(`${name}/include`, modules), { recursive: true, force: true });
}
