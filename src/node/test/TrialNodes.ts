import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Hono } from 'hono';
import type { Party } from '../../client/party/Party.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { FoundingTerms } from '../../folder/Founding.ts';
import type { NodePorts } from '../../folder/NodePorts.ts';
import { answerProblem } from '../../http/answerProblem.ts';
import { ledgerApp } from '../../http/ledgerApp.ts';
import { listen, type Listening } from '../../http/listen.ts';
import { HeardAhead } from '../../peers/HeardAhead.ts';
import { peerApp } from '../../peers/peerApp.ts';
import { PeerGate } from '../../peers/PeerGate.ts';
import type { Clock } from '../../protocol/Clock.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { foundFromFiles, joinFromFiles } from '../founding/ceremony.ts';
import { writeIdentity } from '../founding/identityFiles.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { CheckpointPolicy } from '../../services/administrator/createCheckpointer.ts';
import { acceptEveryone } from '../openAuthority.ts';
import { openNodeFolder, type NodeFolder } from '../NodeFolder.ts';
import type { PkcsToken } from '../token/PkcsToken.ts';
import { openNode, type RunningNode } from '../openNode.ts';
import { remoteOrganisations } from '../remoteOrganisations.ts';

/** Nodes of one network, each in a folder of its own, that reach each other over HTTP. */
export class TrialNodes {
  /** Failures in the background. */
  readonly failures: unknown[] = [];
  /** When nodes checkpoint their logs, where that is not as usual. */
  readonly policies = new Map<Organisation, CheckpointPolicy>();
  /** Opens the tokens of organisations that have one. */
  readonly tokens = new Map<Organisation, () => PkcsToken>();
  readonly #root: string;
  readonly #ports: NodePorts;
  readonly #running = new Map<Organisation, { readonly node: RunningNode; readonly door: Hono }>();
  readonly #urls = new Map<Organisation, string>();
  readonly #doors: Listening[] = [];
  /** Reasons for which nodes waited for the ledger, and who waits for one. */
  readonly #waited: MedsealError[] = [];
  #heard = Promise.withResolvers<void>();

  /**
   * @param root - Folder of their folders.
   * @param ports - Clock, randomness, curve.
   */
  constructor(root: string, ports: NodePorts) {
    this.#root = root;
    this.#ports = ports;
  }

  /** Opens an address for each organisation, behind which its node may run. */
  async listen(names: readonly Organisation[]): Promise<void> {
    for (const name of names) {
      const door = new Hono().all('*', async (c) => {
        const closed = answerProblem(new MedsealError('CLOSED', { what: 'node' }), c);
        return (await this.#running.get(name)?.door.fetch(c.req.raw, c.env)) ?? closed;
      });
      const listening = await listen(door, 0);
      this.#doors.push(listening);
      this.#urls.set(name, listening.url);
    }
  }

  /** The folder in which they exchange their public keys. */
  get exchange(): string {
    return this.path('exchange');
  }

  /** The folder of an organisation. */
  path(name: Organisation): string {
    return join(this.#root, name);
  }

  /** Address for other organisations. */
  url(name: Organisation): string {
    return this.#urls.get(name) ?? assert.fail(`${name} has no address`);
  }

  /** Has organisations exchange their keys and found a network, which the first one founds. */
  async found(
    names: readonly Organisation[],
    terms: Pick<FoundingTerms, 'further'> = {},
  ): Promise<NetworkFile> {
    const ports = this.#ports;
    const [founder = assert.fail('nobody founds'), ...others] = names;
    await mkdir(this.exchange, { recursive: true });
    for (const name of names)
      await this.inFolder(name, async (folder) => await this.identify(folder));
    const network = await this.inFolder(founder, async (folder) => {
      return await foundFromFiles(folder, this.exchange, ports, { unguarded: true, ...terms });
    });
    for (const name of others) {
      await this.inFolder(name, async (folder) => {
        await joinFromFiles(folder, this.exchange, ports);
      });
    }
    return network;
  }

  /** Writes an organisation's public keys where the others read them. */
  async identify(folder: NodeFolder): Promise<void> {
    const [{ organisation } = assert.fail('an empty folder')] = folder.homes;
    await writeIdentity(folder, `http://${organisation}.example`, this.exchange, this.#ports);
  }

  /** Opens an organisation's folder, while its node does not run. */
  async folder(name: Organisation): Promise<NodeFolder> {
    const create = { demo: false, hosts: [name] };
    const token = this.tokens.get(name)?.();
    return await openNodeFolder(this.path(name), { ports: this.#ports, create, token });
  }

  /** Does something with an organisation's folder while its node does not run. */
  async inFolder<Result>(
    name: Organisation,
    work: (folder: NodeFolder) => Promise<Result>,
  ): Promise<Result> {
    const folder = await this.folder(name);
    try {
      return await work(folder);
    } finally {
      await folder.close();
    }
  }

  /**
   * Runs an organisation's node.
   *
   * @param name - The organisation.
   * @param ledger - JSON-RPC of the ledger; at the network's founder if absent.
   * @param clock - Its own clock, if it has another than the others.
   */
  async start(
    name: Organisation,
    ledger?: string,
    clock: Clock = this.#ports.clock,
  ): Promise<RunningNode> {
    const ports = this.#ports;
    const policy = this.policies.get(name);
    const node = await openNode({
      folder: await this.folder(name),
      ...(policy && { policy }),
      ports: { ...ports, clock },
      far: remoteOrganisations({
        ports,
        urls: this.#urls,
        patience: 5000,
        ...(ledger !== undefined && { ledger: { url: ledger } }),
        onWaiting: (error) => {
          this.#waited.push(toMedsealError(error));
          this.#heard.resolve();
          this.#heard = Promise.withResolvers<void>();
        },
      }),
      accepts: acceptEveryone,
      onFailure: (error) => this.failures.push(error),
    });
    const { primitives } = ports;
    const shared = { network: node.file, organisation: name, primitives, clock };
    const isSuspended = (other: Organisation): boolean => node.isSuspended(other);
    const gate = new PeerGate({ ...shared, heard: new HeardAhead(), isSuspended });
    const own = node.ledger && { ledger: node.ledger };
    const door = peerApp({ ...shared, gate, ports: node.openTo(name), ...own });
    this.#running.set(name, { node, door });
    return node;
  }

  /** Resolves with the first reason of a code for which a node waits for the ledger. */
  async waitsFor(code: ErrorCode): Promise<MedsealError> {
    for (;;) {
      const found = this.#waited.find((each) => each.code === code);
      if (found !== undefined) return found;
      await this.#heard.promise;
    }
  }

  /** Serves an organisation's ledger to programs of its machine, as `medseal up` does. */
  async serveLedger(name: Organisation): Promise<string> {
    const served = await listen(
      ledgerApp({ request: async (call) => await this.at(name).provider.request(call) }),
      0,
    );
    this.#doors.push(served);
    return served.url;
  }

  /** Lets no node know an organisation's address that is started from now on. */
  forget(name: Organisation): void {
    this.#urls.delete(name);
  }

  /** Tells whether the node of an organisation runs. */
  runs(name: Organisation): boolean {
    return this.#running.has(name);
  }

  /** The node of an organisation. */
  at(name: Organisation): RunningNode {
    return this.#running.get(name)?.node ?? assert.fail(`${name} does not run`);
  }

  /** The agent of an organisation. */
  agentOf(name: Organisation): Party['agent'] {
    return this.at(name).agents.get(name) ?? assert.fail(`${name} has no agent`);
  }

  /** Runs all of some nodes, and repeats what needs the others as a node does. */
  async startAll(
    names: readonly Organisation[],
    ledger: ReadonlyMap<Organisation, string> = new Map(),
  ): Promise<void> {
    await Promise.all(names.map(async (name) => await this.start(name, ledger.get(name))));
    for (const name of names)
      await this.at(name)
        .settle()
        .catch(() => undefined);
    for (const name of names) await this.at(name).settle();
  }

  /** Stops a node. */
  async stop(name: Organisation): Promise<void> {
    const node = this.at(name);
    this.#running.delete(name);
    await node.close();
  }

  /** Stops all nodes; their addresses stay. */
  async stopAll(): Promise<void> {
    for (const name of [...this.#running.keys()].toReversed()) await this.stop(name);
  }

  /** Stops all nodes and closes their addresses. */
  async close(): Promise<void> {
    await this.stopAll();
    for (const door of this.#doors) await door.close();
  }
}
