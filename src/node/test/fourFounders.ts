import assert from 'node:assert/strict';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseScalar } from '../../crypto/threshold/scalars.ts';
import { isOwnShare } from '../../crypto/threshold/joinDeals.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import type { FoundingTerms } from '../../folder/Founding.ts';
import type { GivenDeal } from '../../protocol/dealing/Dealing.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { releaseKeyOf } from '../../protocol/release/releaseKeyOf.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { foundFromFiles, goOnFounding, joinFromFiles } from '../founding/ceremony.ts';
import { writeIdentity, type IdentityFile } from '../founding/identityFiles.ts';
import { openNodeFolder, type NodeFolder } from '../NodeFolder.ts';
import { scratchFolder } from './scratchFolder.ts';

/** Four organisations that found a network by files; the first one founds it. */
export const FOUR = ['hospital', 'insurer', 'laboratory', 'pharmacy'] as const;

/** The ports of their nodes. */
export const ports = await machinePorts();
/** An engine that is not there: the founder keeps the ledger. */
export const engine = {
  program: 'none',
  found: async () => await Promise.reject(new Error('none')),
};

/** A deal as its file has it. */
export interface DealFile {
  readonly format: string;
  readonly deal: GivenDeal;
}

/** Folders of four organisations with their identity files, founded by nobody yet; each test gets a copy. */
export class FourFounders {
  /** The folder of all that a test works in. */
  place = '';
  /** Those whose deals the last start of a node left out, and files that hold no deal. */
  readonly leftOut: string[] = [];
  readonly #root: string;
  #number = 0;

  private constructor(root: string) {
    this.#root = root;
  }

  /** Makes the folders. */
  static async prepare(): Promise<FourFounders> {
    const all = new FourFounders(await scratchFolder());
    all.place = all.#begun;
    await mkdir(all.path(''), { recursive: true });
    for (const name of FOUR) {
      const create = { demo: false, hosts: [name] };
      const folder = await openNodeFolder(join(all.place, name), { ports, create });
      await writeIdentity(folder, `https://${name}.example`, all.path(''), ports);
      await folder.close();
    }
    return all;
  }

  /** Begins with fresh copies of the folders, in another place. */
  async begin(): Promise<void> {
    this.place = join(this.#root, `case-${(this.#number += 1)}`);
    await cp(this.#begun, this.place, { recursive: true });
  }

  /** Removes everything. */
  async end(): Promise<void> {
    await rm(this.#root, { recursive: true });
  }

  get #begun(): string {
    return join(this.#root, 'begun');
  }

  /** Opens an organisation's folder for a while. */
  async within<Value>(
    name: Organisation,
    run: (folder: NodeFolder, exchange: string) => Promise<Value>,
  ): Promise<Value> {
    const folder = await openNodeFolder(join(this.place, name), { ports });
    try {
      return await run(folder, join(this.place, 'exchange'));
    } finally {
      await folder.close();
    }
  }

  /** The founder's `init --found`. */
  async found(terms: FoundingTerms = { faulty: 1 }): Promise<NetworkFile> {
    return await this.within('hospital', async (folder, exchange) => {
      return await foundFromFiles(folder, exchange, ports, terms);
    });
  }

  /** Another one's `init`. */
  async joined(
    name: Organisation,
    agree?: (network: NetworkFile, isTerms: boolean) => Promise<void>,
  ): Promise<NetworkFile> {
    return await this.within(name, async (folder, exchange) => {
      return await joinFromFiles(folder, exchange, ports, agree && { agree });
    });
  }

  /** The start of a node, as far as it concerns the founding. */
  async up(name: Organisation): Promise<void> {
    this.leftOut.length = 0;
    await this.within(name, async (folder) => {
      await goOnFounding(folder, ports, engine, ({ values }) => {
        this.leftOut.push('file' in values ? values.file : values.organisation);
      });
    });
  }

  /** The founder and some others deal. */
  async dealt(...names: readonly Organisation[]): Promise<void> {
    await assert.rejects(this.found(), lacks);
    for (const name of names) await assert.rejects(this.joined(name), lacks);
  }

  /** The path of a file of the exchange folder. */
  path(name: string): string {
    return join(this.place, 'exchange', name);
  }

  /** Reads a file of the exchange folder. */
  async read<Value>(name: string): Promise<Value> {
    return JSON.parse(await readFile(this.path(name), 'utf8')) as Value;
  }

  /** Alters a file of the exchange folder. */
  async change(name: string, changed: (value: never) => unknown): Promise<void> {
    await writeFile(this.path(name), JSON.stringify(changed(await this.read(name))));
  }

  /** All files of the exchange folder. */
  async exchanged(): Promise<ReadonlyMap<string, string>> {
    const files = (await readdir(this.path(''))).toSorted();
    const texts = files.map(
      async (name) => [name, await readFile(this.path(name), 'utf8')] as const,
    );
    return new Map(await Promise.all(texts));
  }

  /** An identity file of the exchange folder. */
  async identity(name: Organisation): Promise<IdentityFile> {
    return await this.read<IdentityFile>(`${name}.identity.json`);
  }

  /** The network file of an organisation's folder. */
  async networkOf(name: Organisation): Promise<NetworkFile> {
    const text = await readFile(join(this.place, name, 'network.json'), 'utf8');
    return JSON.parse(text) as NetworkFile;
  }

  /** Tells whether an organisation's folder has a file. */
  async has(name: Organisation, file: string | RegExp): Promise<boolean> {
    const files = [
      ...(await readdir(join(this.place, name))),
      ...(await readdir(join(this.place, name, 'node', name))),
    ];
    return files.some((each) => (typeof file === 'string' ? each === file : file.test(each)));
  }

  /** Tells whether an organisation has the share that the network file names. */
  async hasShare(name: Organisation, network: NetworkFile): Promise<boolean> {
    const key = releaseKeyOf(network, `care/${name}`) ?? assert.fail('it is unguarded');
    const index = key.indices.get(name) ?? assert.fail();
    const own = key.members.get(index) ?? assert.fail();
    return await this.within(name, async ({ homes: [home] }) => {
      const hex: `0x${string}` = `0x${Buffer.from(own).toString('hex')}`;
      const secret = await home?.shares.read(hex);
      return (
        secret !== undefined && isOwnShare(ports.primitives.group, key, index, parseScalar(secret))
      );
    });
  }
}

/** Holds of a founding that others have yet to go on with. */
export const lacks = failsWith('DEALS_MISSING');

/** Nobody agrees. */
export async function no(): Promise<never> {
  return await Promise.reject(new Error('no'));
}
