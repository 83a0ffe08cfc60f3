import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { openFolder } from '../../folder/openFolder.ts';
import type { Files } from '../../folder/Files.ts';
import { writeJsonFile } from '../../folder/jsonFiles.ts';
import type { Founder, NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { consortium, nodeOf } from '../../protocol/test/sampleConsortium.ts';
import { scratchFolder } from '../test/scratchFolder.ts';
import { requireGiven } from './requireGiven.ts';

const invalid = failsWith('NETWORK_FILE_INVALID');
const own = nodeOf('pharmacy');
const { stake: _stake, ...validator } = own.validator ?? assert.fail();
const { validator: _validator, ...unheld } = own;
const mallory = nodeOf('mallory').validator ?? assert.fail();
let files: Files;
before(async () => {
  files = await openFolder(await scratchFolder());
});
after(async () => {
  await rm(files.path, { recursive: true });
});

function withNode(node: Founder): NetworkFile {
  return { ...consortium, nodes: [...(consortium.founders ?? []), node] };
}

async function refuses(node: Founder, earlier?: NetworkFile): Promise<void> {
  await assert.rejects(requireGiven(files, 'pharmacy', withNode(node), earlier), invalid);
}

async function takes(node: Founder, earlier?: NetworkFile): Promise<void> {
  await requireGiven(files, 'pharmacy', withNode(node), earlier);
}

describe('what a network file says of an organisation that joins', () => {
  it('has no validator, if its folder gave none', async () => {
    await takes(unheld);
    await refuses(own);
  });

  // @actor a carrier of identity files | to put in its own validator, or address
  it('is the validator and the address that it gave, and not those that a carrier put in', async () => {
    await writeJsonFile(files, 'identity.json', { ...unheld, validator });
    await takes(own);
    await takes({ ...own, validator: { ...validator, stake: 3 } });
    await takes(unheld);
    for (const part of ['key', 'node', 'address'] as const) {
      const altered = { ...validator, stake: 10, [part]: mallory[part] };
      await refuses({ ...own, validator: altered });
    }
    await refuses({ ...own, url: 'https://mallory.example' });
  });

  it('may stay as it was in a file before, though it gave something else since', async () => {
    const identity = { ...unheld, url: 'https://new.example', validator: mallory };
    await writeJsonFile(files, 'identity.json', identity);
    await refuses(own);
    await takes(own, withNode(own));
    await refuses({ ...own, url: 'https://mallory.example' }, withNode(own));
  });
});
