import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openFolder } from '../../../folder/openFolder.ts';
import type { NamedToken } from '../TokenSettings.ts';

const MODULES = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib64/softhsm/libsofthsm2.so',
  '/usr/local/lib/softhsm/libsofthsm2.so',
  '/opt/homebrew/lib/softhsm/libsofthsm2.so',
];
const SOURCES = fileURLToPath(new URL('../../../../pkcs11/', import.meta.url));

/** A token of SoftHSM with the helper that speaks to it. */
export interface SoftToken {
  readonly settings: NamedToken;
  /** Takes the token away. */
  leave(): Promise<void>;
  /** Brings it back. */
  comeBack(): Promise<void>;
  /** Puts an empty token of the same name and PIN in its place. */
  replace(): Promise<void>;
}

/** Says what lacks on this machine for a token of SoftHSM; undefined if nothing does. */
export function lacksSoftToken(): string | undefined {
  if (spawnSync('softhsm2-util', ['--version']).status !== 0 || softModule() === undefined) {
    return 'SoftHSM is not on this machine (apt-get install softhsm2)';
  }
  return spawnSync('go', ['version']).status === 0 ? undefined : 'there is no Go here';
}

function softModule(): string | undefined {
  return MODULES.find((path) => existsSync(path));
}

/**
 * Makes a token of SoftHSM, and builds the helper. From then on this process and those that it starts use this folder's tokens.
 *
 * @param folder - An empty folder for them.
 */
export async function makeSoftToken(folder: string): Promise<SoftToken> {
  await openFolder(folder);
  const [tokens, away, pin, program, conf] = [
    'tokens',
    'away',
    'pin',
    'medseal-pkcs11',
    'softhsm2.conf',
  ].map((name) => join(folder, name)) as [string, string, string, string, string];
  await Promise.all([tokens, away].map(async (path) => await mkdir(path)));
  await writeFile(conf, `directories.tokendir = ${tokens}\nlog.level = ERROR\n`);
  process.env['SOFTHSM2_CONF'] = conf;
  await writeFile(pin, 'moon 1234\n', { mode: 0o600 });
  const flags = ['-trimpath', '-buildvcs=false', '-mod=readonly'];
  run('go', ['build', ...flags, '-o', program, '.'], SOURCES);
  const make = (): void => {
    const pins = ['--pin', 'moon 1234', '--so-pin', 'sun 5678'];
    run('softhsm2-util', ['--init-token', '--free', '--label', 'trial', ...pins], folder);
  };
  make();
  const module = softModule() ?? '';
  return {
    settings: { module, token: 'trial', pin, label: 'medseal', program },
    leave: async () => await move(tokens, away),
    comeBack: async () => await move(away, tokens),
    async replace() {
      await move(tokens, away);
      make();
    },
  };
}

function run(program: string, args: readonly string[], cwd: string): void {
  const { status, stderr } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, CGO_ENABLED: '0' },
  });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
}

async function move(from: string, to: string): Promise<void> {
  for (const name of await readdir(from)) await rename(join(from, name), join(to, name));
}
