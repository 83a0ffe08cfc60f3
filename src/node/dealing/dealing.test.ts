import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { isOwnShare } from '../../crypto/threshold/joinDeals.ts';
import { parseScalar } from '../../crypto/threshold/scalars.ts';
import { plainKeys } from '../../folder/keyGuard.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import { shareFiles } from '../../folder/shareFiles.ts';
import { memoryFiles, type MemoryFiles } from '../../folder/test/memoryFiles.ts';
import type { Dealing } from '../../protocol/dealing/Dealing.ts';
import { nameKeys } from '../../protocol/dealing/nameKeys.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { releaseKeyOf } from '../../protocol/release/releaseKeyOf.ts';
import { releasesIn } from '../../protocol/release/releasesIn.ts';
import { draftSuccessor } from '../../protocol/network/signSuccessor.ts';
import { successorOf } from '../../protocol/network/successorOf.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { context, network, primitives, signatory } from '../../protocol/test/sampleNetwork.ts';
import { termsOf, withCoordinator } from '../../protocol/test/sampleSuccessors.ts';
import { addParts } from './addParts.ts';
import { lackingParts } from './lackingParts.ts';
import { keepDealt, openDealt } from './openDealt.ts';
import type { DealingHome } from './partakers.ts';

/** Folders that deal shares to each other by a file that goes round, cut off anywhere. */

const ALL: readonly Organisation[] = ['hospital', 'laboratory', 'insurer'];
const FROM = 1_900_000_000;
const ports = await machinePorts();

let folders: Map<Organisation, MemoryFiles>;
let guarded: NetworkFile;
let change: Dealing;

before(async () => {
  folders = new Map(ALL.map((name) => [name, memoryFiles()]));
  change = draft(network, 'new', FROM);
  guarded = await play(network);
});

function draft(predecessor: NetworkFile, release: Dealing['release'], from: number): Dealing {
  return {
    format: 'medseal-dealing/2',
    channel: 'care',
    release,
    successor: draftSuccessor(context, predecessor, termsOf(predecessor, from)),
    recipients: [],
    deals: [],
  };
}

function filesOf(name: Organisation): MemoryFiles {
  return folders.get(name) ?? assert.fail();
}

/** An organisation, with what is in its folder. */
function home(organisation: Organisation, key = `coordinator of ${organisation}`): DealingHome {
  const other = signatory('another key');
  const unused = new Uint8Array(32);
  return {
    organisation,
    keys: { coordinator: signatory(key), sender: other, note: unused, storage: unused },
    later: {
      node: { seats: [other], senders: [], tls: [], notes: [] },
      member: { seats: [], senders: [], tls: [], notes: [] },
    },
    shares: shareFiles(filesOf(organisation), plainKeys),
  };
}

/** A run of `network deal`: the file changes once all is on the disk. Returns what was added. */
async function deal(
  predecessor: NetworkFile,
  ...names: readonly Organisation[]
): Promise<readonly string[]> {
  const homes = names.map((name) => home(name));
  const result = await addParts(ports, predecessor, change, homes);
  const successor = nameKeys(predecessor, result.state, result.dealing);
  change = { ...result.dealing, successor };
  return result.added;
}

/** The part of `network sign` before it signs. */
async function keep(predecessor: NetworkFile, ...names: readonly Organisation[]): Promise<void> {
  const homes = names.map((name) => home(name));
  await keepDealt(await openDealt(ports, predecessor, change, homes));
}

async function play(predecessor: NetworkFile): Promise<NetworkFile> {
  for (const name of ALL) await deal(predecessor, name);
  for (const name of ALL) await deal(predecessor, name);
  for (const name of ALL) await keep(predecessor, name);
  return successorOf(primitives, predecessor, change.successor);
}

async function holds(file: NetworkFile, name: Organisation): Promise<boolean> {
  const [release] = file.channels.flatMap(releasesIn);
  const key = releaseKeyOf(file, 'care/hospital') ?? assert.fail();
  const own = release?.shares.find(({ organisation }) => organisation === name) ?? assert.fail();
  const secret = await home(name).shares.read(own.key);
  return (
    secret !== undefined && isOwnShare(ports.primitives.group, key, own.index, parseScalar(secret))
  );
}

describe('a folder that takes part in dealing shares', () => {
  it('gives in each run what it can give now, and nothing twice', async () => {
    change = draft(guarded, 'refresh', FROM + 1000);
    assert.deepEqual(await deal(guarded, 'hospital'), ['the recipient of hospital']);
    const file = JSON.stringify(change);
    assert.deepEqual(await deal(guarded, 'hospital'), []);
    assert.equal(JSON.stringify(change), file);
    assert.deepEqual(await deal(guarded, 'laboratory'), ['the recipient of laboratory']);
    const last = ['the recipient of insurer', 'the deal of insurer'];
    assert.deepEqual(await deal(guarded, 'insurer'), last);
    await assert.rejects(keep(guarded, 'insurer'), failsWith('DEALS_MISSING'));
    assert.deepEqual(await deal(guarded, 'hospital'), ['the deal of hospital']);
    // Two deal for two that open: the third has nothing to do.
    assert.deepEqual(await deal(guarded, 'laboratory'), []);
    for (const name of ALL) await keep(guarded, name);
    const after = successorOf(primitives, guarded, change.successor);
    for (const name of ALL) {
      assert.equal(await holds(after, name), true);
      assert.equal(await holds(guarded, name), true, 'the share in use stays');
    }
  });

  it('does all at once for several organisations of one folder', async () => {
    change = draft(guarded, 'refresh', FROM + 2000);
    assert.equal((await deal(guarded, ...ALL)).length, 5);
    await keep(guarded, ...ALL);
    assert.equal(await holds(successorOf(primitives, guarded, change.successor), 'insurer'), true);
  });

  it('says who is missing', async () => {
    change = draft(guarded, 'refresh', FROM + 3000);
    await deal(guarded, 'hospital');
    const lacking = async () => lackingParts((await addParts(ports, guarded, change, [])).state);
    assert.deepEqual(await lacking(), ['laboratory, insurer must give a recipient']);
    for (const name of ALL.slice(1)) await deal(guarded, name);
    assert.deepEqual(await lacking(), ['1 of hospital, laboratory must deal']);
    await deal(guarded, 'laboratory');
    assert.deepEqual(await lacking(), []);
    change = draft(guarded, 'new', FROM + 3001);
    for (const name of ALL) await deal(guarded, name);
    assert.deepEqual(await lacking(), ['hospital, laboratory must deal']);
  });

  // @attack a folder is cut off anywhere while shares are dealt | it goes on, and the share in use stays
  it('can be cut off by a power cut before any step of its disk, and goes on', async () => {
    const started = change;
    for (const release of ['refresh'] as const) {
      for (let cut = 1, isWhole = false; !isWhole; cut++) {
        change = draft(guarded, release, FROM + 4000 + cut);
        const files = filesOf('hospital');
        let steps = 0;
        let isCut = false;
        files.onStep = () => {
          if (++steps !== cut) return;
          isCut = true;
          throw new Error('power cut');
        };
        const run = async (work: () => Promise<unknown>): Promise<void> => {
          try {
            await work();
          } catch {
            files.losePower();
            await work();
          }
        };
        for (const name of ALL) await run(async () => await deal(guarded, name));
        for (const name of ALL) await run(async () => await deal(guarded, name));
        for (const name of ALL) await run(async () => await keep(guarded, name));
        files.onStep = () => undefined;
        files.losePower();
        const after = successorOf(primitives, guarded, change.successor);
        assert.equal(await holds(after, 'hospital'), true, `cut ${cut}`);
        assert.equal(await holds(guarded, 'hospital'), true, `cut ${cut}`);
        isWhole = !isCut;
      }
    }
    assert.notEqual(change, started);
  });

  // @attack somebody gives a recipient in a member’s name with its coordinator’s key | the member’s folder refuses the file
  it('refuses a file in which somebody gave a recipient in its name, or that goes with another folder of its own', async () => {
    change = draft(guarded, 'refresh', FROM + 5000);
    await deal(guarded, 'hospital');
    const own = folders.get('hospital') ?? assert.fail();
    folders.set('hospital', memoryFiles());
    const other = failsWith('DEAL_INVALID', {
      organisation: 'hospital',
      reason: 'its recipient was not made in this folder',
    });
    await assert.rejects(deal(guarded, 'hospital'), other);
    folders.set('hospital', own);
    await deal(guarded, 'laboratory', 'insurer');
    folders.set('hospital', memoryFiles());
    await assert.rejects(keep(guarded, 'hospital'), other);
    folders.set('hospital', own);
    // Without its key it has no part.
    const stranger = [home('hospital', 'coordinator of nobody')];
    const { added } = await addParts(ports, guarded, change, stranger);
    assert.deepEqual(added, []);
  });

  it('that lost its share, or has one from a backup of before, deals nothing; another one does, and it gets a share again', async () => {
    change = draft(guarded, 'refresh', FROM + 6000);
    const [release] = guarded.channels.flatMap(releasesIn);
    const key = release?.shares[0]?.key ?? assert.fail();
    const saved = filesOf('hospital').copy();
    const shares = home('hospital').shares;
    const [, second] = release?.shares ?? [];
    const others = await home('laboratory').shares.read(second?.key ?? '0x');
    await deal(guarded, 'hospital');
    for (const name of ALL.slice(1)) await deal(guarded, name);
    await shares.remove(key);
    await assert.rejects(deal(guarded, 'hospital'), failsWith('SHARE_ABSENT'));
    await shares.write(key, others ?? assert.fail());
    await assert.rejects(deal(guarded, 'hospital'), failsWith('SHARE_ABSENT'));
    await deal(guarded, 'laboratory');
    for (const name of ALL) await keep(guarded, name);
    assert.equal(await holds(successorOf(primitives, guarded, change.successor), 'hospital'), true);
    folders.set('hospital', saved);
  });

  it('gives its recipient with the key that the others know too, if the change gives it another one', async () => {
    change = draft(guarded, 'refresh', FROM + 6500);
    const channels = change.successor.channels.map((channel) =>
      withCoordinator(channel, 'hospital', signatory('another key')),
    );
    change = { ...change, successor: { ...change.successor, channels } };
    assert.deepEqual(await deal(guarded, 'hospital'), ['the recipient of hospital']);
    const thief = home('laboratory', 'another key');
    const named = { ...thief, organisation: 'hospital' };
    change = { ...change, recipients: [] };
    await assert.rejects(
      addParts(ports, guarded, change, [named]),
      failsWith('DEAL_INVALID', { organisation: 'hospital' }),
    );
  });

  // @attack a successor names keys of shares that do not belong together | no organisation signs it: they are not those that the deals make
  it('refuses keys that are not those that the deals make', async () => {
    change = draft(guarded, 'refresh', FROM + 7000);
    await deal(guarded, ...ALL);
    const { channels } = change.successor;
    const [channel = assert.fail()] = channels;
    const release = channel.release ?? assert.fail();
    const [first = assert.fail(), second = assert.fail(), ...rest] = release.shares;
    const swapped = [{ ...first, key: second.key }, { ...second, key: first.key }, ...rest];
    const [other] = draft(network, 'new', FROM).successor.channels;
    for (const wrong of [
      { ...channel, release: { ...release, shares: swapped } },
      { ...channel, release: { ...release, publicKey: first.key } },
      { ...channel, release: guarded.channels[0]?.release ?? assert.fail() },
      { ...channel, formerReleases: [release] },
      other ?? assert.fail(),
    ]) {
      const successor = { ...change.successor, channels: [wrong] };
      const given = { ...change, successor };
      await assert.rejects(
        openDealt(ports, guarded, given, [home('hospital')]),
        failsWith('SUCCESSOR_INVALID'),
      );
    }
    await openDealt(ports, guarded, change, [home('hospital')]);
  });
});
