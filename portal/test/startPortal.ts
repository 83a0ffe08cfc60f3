import { rm } from 'node:fs/promises';
import { openDev } from '../../src/cli/openDev.ts';
import { scratchFolder } from '../../src/node/test/scratchFolder.ts';

/** A demonstration with filled charts that serves its portal. */
export interface RunningPortal {
  /** Address of the node, such as `http://127.0.0.1:40123`. */
  readonly url: string;
  /** Folder of the network. */
  readonly data: string;
  close(): Promise<void>;
}

/** Founds a demonstration in a new folder, fills its charts and serves it on free ports. */
export async function startPortal(): Promise<RunningPortal> {
  const data = await scratchFolder();
  const network = await openDev({ data, demo: true, charts: true, port: 0, rpcPort: 0 });
  return {
    url: network.ready.url,
    data,
    async close() {
      await network.close();
      await rm(data, { recursive: true, force: true });
    },
  };
}
