/**
 * Completes `package-lock.json` after a dependency change, so that `npm ci` works on every platform.
 *
 * npm leaves out of the lock those platform packages that the registry in use does not offer, and `npm ci`
 * then calls the lock out of step. It also leaves a platform package uninstalled when the Node that runs npm
 * is older than the one that the project brings along, and warns of every other package that asks for a newer one. This
 * script names every platform package, with the system that its name tells, and drops all limits of the runtime. Run it
 * as `npm run maintain lock`.
 */
import { readFileSync, writeFileSync } from 'node:fs';

interface LockEntry {
  version?: string;
  optional?: boolean;
  dev?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  engines?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

const SYSTEMS = ['darwin', 'win32', 'linux', 'freebsd', 'android', 'openharmony'];
const PROCESSORS: Record<string, string> = {
  arm64: 'arm64',
  x64: 'x64',
  amd64: 'x64',
  ia32: 'ia32',
  arm: 'arm',
  ppc64: 'ppc64',
  riscv64: 'riscv64',
  s390x: 's390x',
};
const LIBRARIES: Record<string, string> = {
  gnu: 'glibc',
  gnueabihf: 'glibc',
  musl: 'musl',
  musleabihf: 'musl',
};

/** Reads the system a platform package is for off its name: `x-linux-arm64-musl` is Linux, arm64, musl. */
function platformOf(name: string): Pick<LockEntry, 'os' | 'cpu' | 'libc'> | undefined {
  const words = name.split(/[/-]/);
  const os = words.find((word) => SYSTEMS.includes(word));
  if (os === undefined) return undefined;
  const cpu = words.map((word) => PROCESSORS[word]).find((word) => word !== undefined);
  const libc = words.map((word) => LIBRARIES[word]).find((word) => word !== undefined);
  return { os: [os], ...(cpu && { cpu: [cpu] }), ...(libc && { libc: [libc] }) };
}

const path = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(path, 'utf8')) as { packages: Record<string, LockEntry> };
let added = 0;
for (const parent of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`;
    const platform = platformOf(name);
    if (platform === undefined) continue;
    const known = lock.packages[key];
    if (known === undefined) {
      lock.packages[key] = {
        version,
        ...platform,
        ...(parent.dev && { dev: true }),
        optional: true,
      };
      added++;
    }
  }
}
// The project runs on the Node that it brings along, so what packages ask of the machine's Node says nothing.
for (const [key, entry] of Object.entries(lock.packages)) if (key !== '') delete entry.engines;
lock.packages = Object.fromEntries(
  Object.entries(lock.packages).sort(([left], [right]) =>
    left < right ? -1 : left > right ? 1 : 0,
  ),
);
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`package-lock.json: ${added} platform packages added`);
