import assert from 'node:assert/strict';
import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { machinePorts } from '../folder/NodePorts.ts';
import { openOrganisationFolder } from '../folder/OrganisationFolder.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import { CONFIGURATION_FILE, readConfiguration } from './configuration/readConfiguration.ts';
import { openNodeFolder } from './NodeFolder.ts';

let data: string;
before(async () => {
  data = join(await mkdtemp(join(tmpdir(), 'medseal-')), 'data');
  await open(true);
});
after(async () => await rm(join(data, '..'), { recursive: true }));

/** Opens the folder of a node, and closes it. */
async function open(create = false): Promise<void> {
  const ports = await machinePorts();
  const owner = { demo: true, hosts: ['hospital'] };
  const folder = await openNodeFolder(data, { ports, ...(create && { create: owner }) });
  try {
    const part = await folder.part('node/hospital');
    const database = await part.database('log');
    await database.close();
  } finally {
    await folder.close();
  }
}

describe('a node’s folder that others can write to', () => {
  // @attack another user of the machine puts keys, settings or records into a node's folder | no folder that others can write to is opened, whichever program opens it
  it('is refused with its name, whichever of its folders it is, and nothing in it is changed', async () => {
    for (const folder of ['', 'node/hospital', 'authority/hospital', 'node/hospital/log']) {
      const path = join(data, folder);
      for (const mode of [0o770, 0o702, 0o777]) {
        await chmod(path, mode);
        const found = await readdir(data);
        await assert.rejects(open(), failsWith('FOLDER_EXPOSED', { path }), `${folder}: ${mode}`);
        assert.deepEqual(await readdir(data), found);
      }
      await chmod(path, 0o700);
    }
    for (const mode of [0o755, 0o750]) {
      await chmod(data, mode);
      await open();
    }
  });

  // @actor another user of the machine, where the node's folder may be entered | writes to its settings, its owner's file or a database, whose own modes nobody looked at
  it('is refused if they can write to a file in it, and not if they cannot come to that file', async () => {
    const settings = join(data, CONFIGURATION_FILE);
    await writeFile(settings, '{}');
    for (const path of [
      settings,
      join(data, 'folder.json'),
      join(data, 'node/hospital/log/LOCK'),
    ]) {
      const folder = dirname(path);
      const { mode } = await stat(path);
      const use = async (): Promise<unknown> =>
        await (path === settings ? readConfiguration({ folder: data, environment: {} }) : open());
      for (const exposed of [0o620, 0o602, 0o666]) {
        await chmod(path, exposed);
        await chmod(folder, 0o700);
        await use();
        await chmod(folder, 0o755);
        await assert.rejects(use(), failsWith('FOLDER_EXPOSED', { path }), `${path}: ${exposed}`);
      }
      await chmod(path, mode);
      await use();
      await chmod(folder, 0o700);
    }
  });

  it('is refused in each part and database of an organisation', async () => {
    const folder = await openOrganisationFolder(join(data, 'node/hospital'));
    const vault = await folder.part('vault');
    await chmod(vault.path, 0o770);
    const exposed = failsWith('FOLDER_EXPOSED', { path: vault.path });
    await assert.rejects(folder.part('vault'), exposed);
    await assert.rejects(folder.database('vault'), exposed);
  });
});
