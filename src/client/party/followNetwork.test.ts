import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import { followSuccessors } from '../../protocol/network/followSuccessors.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { HANDOVER } from '../../protocol/network/officesOf.ts';
import type { Successor, SuccessorsFile } from '../../protocol/network/Successor.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { network, primitives, signatory } from '../../protocol/test/sampleNetwork.ts';
import {
  fileOf,
  signedBy,
  termsOf,
  withCoordinator,
} from '../../protocol/test/sampleSuccessors.ts';
import { followNetwork, type FollowedNetwork } from './followNetwork.ts';

const FROM = 1_800_000_000;
const [care = assert.fail()] = network.channels;
const channels = [withCoordinator(care, 'insurer', signatory('new coordinator of insurer'))];
const everybody = ['hospital', 'laboratory', 'insurer'];
const one = signedBy(network, { ...termsOf(network, FROM), channels }, everybody);
const [, after1 = assert.fail()] = followSuccessors({ primitives }, network, fileOf(one));
const authority = { ...network.authority, threshold: 3 };
const fork = signedBy(network, { ...termsOf(network, FROM), authority }, everybody);
const [, forked = assert.fail()] = followSuccessors({ primitives }, network, fileOf(fork));
const other = failsWith('NETWORK_FILE_OTHER');
const forks = failsWith('NETWORK_FORKED', { number: 1 });
const invalid = failsWith('SUCCESSOR_INVALID');

/** Follows, with what a device knows, a node that runs by a file and has successors, at a second of the device's clock. */
async function follow(
  known: readonly NetworkFile[],
  theirs: NetworkFile,
  successors: readonly Successor[] | undefined,
  at: number,
  shown?: readonly Successor[],
): Promise<FollowedNetwork> {
  const clock = { now: () => at * 1000, after: () => () => undefined };
  const agent: Pick<AgentPort, 'network' | 'successors'> = {
    network: async () => await Promise.resolve(structuredClone(theirs)),
    successors: async () => {
      const file = fileOf(...(successors ?? assert.fail('asked'))) as SuccessorsFile;
      return await Promise.resolve({ ...file, ...(shown && { fork: { successors: shown } }) });
    },
  };
  return await followNetwork({ primitives, clock }, known, agent);
}

describe('a device that follows a node', () => {
  it('asks for no successors while both go by one file', async () => {
    assert.deepEqual(await follow([network], network, undefined, FROM + 1), { network });
    const both = [network, after1];
    assert.deepEqual(await follow(both, network, undefined, FROM - 1), { network });
    assert.deepEqual(await follow(both, after1, undefined, FROM), { network: after1 });
  });

  it('goes by the file of a node whose moment has come, or that is a second ahead', async () => {
    const successors = fileOf(one);
    for (const known of [[network], [network, after1]]) {
      for (const at of [FROM - 1, FROM + 7]) {
        const followed = await follow(known, after1, [one], at);
        assert.deepEqual(followed.network, after1);
        if (known.length === 1 || at < FROM) assert.deepEqual(followed.successors, successors);
      }
    }
  });

  it('goes by the file of before while a node has not adopted the next one, for an hour', async () => {
    for (const known of [[network], [network, after1]]) {
      const followed = await follow(known, network, [one], FROM + HANDOVER - 1);
      assert.deepEqual(followed.network, network);
    }
    const known = [network, after1];
    await assert.rejects(follow(known, network, [one], FROM + HANDOVER), other);
  });

  it('goes by no file whose moment is over an hour ahead, whatever the node says', async () => {
    const early = FROM - HANDOVER - 1;
    await assert.rejects(follow([network], after1, [one], early), other);
    assert.deepEqual((await follow([network], after1, [one], early + 1)).network, after1);
  });

  it('refuses a file that does not follow, and one that too few signed', async () => {
    await assert.rejects(follow([network], after1, [], FROM), other);
    await assert.rejects(follow([network], { ...after1, demo: false }, [one], FROM), other);
    const unsigned = { ...one, signatures: one.signatures.slice(0, 1) };
    await assert.rejects(follow([network], after1, [unsigned], FROM), invalid);
  });

  it('never goes back, and takes no other successor of a file that it went by', async () => {
    const known = [network, after1];
    await assert.rejects(follow(known, network, [], FROM + 1), invalid);
    await assert.rejects(follow(known, forked, [fork], FROM + 1), forks);
  });

  // @attack a device is shown two network files that a quorum signed | it goes by neither, and names the fork
  it('goes by neither side of a proven fork, whichever the node runs by', async () => {
    const both = [one, fork];
    await assert.rejects(follow([network], after1, [one], FROM + 1, both), forks);
    await assert.rejects(follow([network], forked, [fork], FROM + 1, both), forks);
    await assert.rejects(follow([network, after1], network, [one], FROM + 1, both), forks);
  });

  it('takes nothing for a fork that is not proven, or that was before the pinned file', async () => {
    const unsigned = { ...fork, signatures: fork.signatures.slice(0, 1) };
    await assert.rejects(follow([network], after1, [one], FROM + 1, [one, unsigned]), invalid);
    await assert.rejects(follow([network], after1, [one], FROM + 1, [one, one]), invalid);
    const terms = termsOf(after1, FROM + 10);
    const two = signedBy(after1, { ...terms, authority }, ['hospital', 'laboratory']);
    const [, after2 = assert.fail()] = followSuccessors({ primitives }, after1, fileOf(two));
    const followed = await follow([after1], after2, [one, two], FROM + 11, [one, fork]);
    assert.deepEqual(followed.network, after2);
  });
});
