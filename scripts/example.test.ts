import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));

describe('the program in docs/start.md', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'medseal-example-'));
  });
  after(async () => {
    await rm(folder, { recursive: true });
  });

  it('shares a record and takes it back, as the page says', async () => {
    const page = await readFile(join(root, 'docs/start.md'), 'utf8');
    const [, program = ''] = /^```ts\n([\s\S]*?)^```$/m.exec(page) ?? [];
    const [, printed = ''] = /^\$ npx node share\.ts\n([\s\S]*?)^```$/m.exec(page) ?? [];
    await symlink(join(root, 'src'), join(folder, 'src'));
    await writeFile(join(folder, 'share.ts'), program);

    const data = join(folder, 'network');
    const main = join(root, 'src/cli/main.ts');
    const ports = ['--port', '0', '--rpc-port', '0'];
    const network = spawn(
      process.execPath,
      [main, 'dev', '--demo', '--json', ...ports, '--data', data],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const ended = once(network, 'exit');
    try {
      const [line] = (await once(createInterface(network.stdout), 'line')) as [string];
      const { url } = JSON.parse(line) as { url: string };
      const share = [join(folder, 'share.ts'), url, data];
      const { stdout } = await promisify(execFile)(process.execPath, share);
      assert.equal(withoutNumbers(stdout), withoutNumbers(printed));
    } finally {
      network.kill('SIGTERM');
      await ended;
    }
  });
});

/** Places in logs and on the ledger depend on what was done before. */
function withoutNumbers(text: string): string {
  return text.replaceAll(/\d+/g, 'N');
}
