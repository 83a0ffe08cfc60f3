/**
 * Installs what tests and checks need and `npm ci` leaves out, as `devDependencies` and the lock name it. It does
 * nothing if all of it is there. Run it as `npm run maintain tools`; each script of `package.json` that needs it does so by itself.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const ROOT = new URL('..', import.meta.url);

function manifest(path: string): { version?: string; devDependencies?: Record<string, string> } {
  const url = new URL(path, ROOT);
  return existsSync(url) ? (JSON.parse(readFileSync(url, 'utf8')) as object) : {};
}

const tools = ['package.json', 'portal/package.json'].flatMap((path) =>
  Object.entries(manifest(path).devDependencies ?? {}),
);
const absent = tools.filter(
  ([name, version]) => manifest(`node_modules/${name}/package.json`).version !== version,
);
if (absent.length > 0) {
  console.log(
    'Installing what tests and checks need, about 500 MB more, as package-lock.json names it …',
  );
  // A script of npm passes on what `.npmrc` says to `npm ci`.
  const { npm_config_omit: _, NODE_ENV: __, ...env } = process.env;
  const args = ['install', '--include=dev', '--no-save', '--no-audit', '--no-fund'];
  const { status } = spawnSync('npm', args, { cwd: ROOT, env, stdio: 'inherit' });
  process.exitCode = status ?? 1;
}
