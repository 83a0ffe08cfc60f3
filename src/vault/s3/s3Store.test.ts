import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { systemRandom } from '../../folder/systemRandom.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import type { SealedStore } from '../SealedStore.ts';
import { storeOpener } from '../storeOpener.ts';
import { markedFiles } from '../test/markedFiles.ts';
import { serveOnLoopback } from '../test/serveOnLoopback.ts';
import { TEST_CREDENTIALS } from '../test/startVersitygw.ts';
import type { StoreServer } from '../test/StoreServer.ts';

describe('a store at an S3 server whose lists lead back to their beginning', () => {
  let server: StoreServer;
  let store: SealedStore;
  let asked = 0;

  before(async () => {
    const next =
      '<NextContinuationToken>again</NextContinuationToken><NextKeyMarker>again</NextKeyMarker>';
    server = await serveOnLoopback(({ url, method }, response) => {
      // The mark of the folder is not there yet.
      if (url?.includes('.json') === true) {
        response.writeHead(method === 'GET' ? 404 : 200).end();
        return;
      }
      asked += 1;
      response.end(`<R>${next}</R>`);
    });
    const open = await storeOpener(
      { store: `s3:${server.url}/bucket`, region: 'us-east-1' },
      {
        clock: { after: () => () => undefined },
        primitives: {
          sha256: (bytes) => new Uint8Array(createHash('sha256').update(bytes).digest()),
        },
        random: systemRandom,
      },
      async () => await Promise.resolve(TEST_CREDENTIALS),
    );
    store = open('hospital', await markedFiles(), ZERO32);
  });
  after(async () => await server.stop());

  // @actor an S3 server | to keep a node in a list without an end
  it('asks for no page again, and says that the store failed', async () => {
    await assert.rejects(store.list()[Symbol.asyncIterator]().next(), failsWith('STORAGE_FAILED'));
    await assert.rejects(store.recover(), failsWith('STORAGE_FAILED'));
    assert.equal(asked, 4);
  });
});
