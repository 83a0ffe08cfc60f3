import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { addRecord } from '../../client/records/addRecord.ts';
import { hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { MerkleFrontier } from '../../crypto/merkle/MerkleFrontier.ts';
import { formatCheckpoint } from '../../crypto/note/checkpoint.ts';
import { createNoteKey } from '../../crypto/note/NoteKey.ts';
import { signNote } from '../../crypto/note/signNote.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import {
  BEGIN,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { SavedFolder } from '../../node/test/memoryFolder.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import type { CheckpointRequest, PresentedLog, SignedEdge } from '../ports.ts';
import { presentEntries, type PresentedEntries } from '../entries/presentEntries.ts';
import { askToSign } from '../test/askToSign.ts';
import { acknowledgedBy, setOf, submissionOf } from '../../node/test/requests.ts';
import type { Rejoining } from './createRejoining.ts';

const LOG = 'care/hospital';
const seconds = (network: TestNetwork): number => Math.floor(network.clock.now() / 1000);

async function gone(): Promise<undefined> {
  return await Promise.resolve(undefined);
}

async function away(): Promise<never> {
  return await Promise.reject(new MedsealError('PEER_UNREACHABLE', { peer: 'x' }));
}

describe('an organisation that was restored from a backup', () => {
  let network: TestNetwork;
  let care: Care;
  let saved: SavedFolder;
  /** Signs a note of entries of its log with the key that the log had long ago. */
  let noteOf: (entries: readonly `0x${string}`[]) => string;
  /** The entry that is checkpointed before the backup. */
  let first: `0x${string}`;

  beforeEach(async () => {
    network = await startTestNetwork({ cared: true });
    noteOf = hadOtherKey();
    care = await startCare(network);
    await add('before the backup');
    await network.checkpoint();
    [first = '0x'] = await entries();
    saved = await network.save('hospital');
  });
  afterEach(async () => await network.close());

  async function add(text: string): ReturnType<typeof addRecord> {
    const { patient, handle } = care;
    const content = utf8ToBytes(text);
    return await addRecord(patient, { handle, category: 'other', content, purpose: 'PATRQT' });
  }

  function restored(othersWentOn = true) {
    return { restoredAt: seconds(network), othersWentOn };
  }

  function rejoining(organisation = 'hospital'): Rejoining {
    return network.services(organisation).rejoining;
  }

  it('serves nobody and signs nothing until it has back what it missed', async () => {
    const after = [await add('one after'), await add('two after')];
    await network.checkpoint();
    await network.rollBack('hospital', saved, restored());
    const { agent, coordinator, logs } = network.services();
    assert.deepEqual(rejoining().needs, { least: 2, others: ['laboratory', 'insurer'] });
    assert.equal(logs.get(LOG)?.size, 1);
    await assert.rejects(add('too early'), failsWith('NODE_BEHIND'));
    await assert.rejects(agent.submit([]), failsWith('NODE_BEHIND'));
    await assert.rejects(coordinator.judge({ log: LOG, bodies: [] }), failsWith('NODE_BEHIND'));
    const asked = coordinator.signCheckpoint(askToSign(network, await entries()));
    await assert.rejects(asked, failsWith('NODE_BEHIND'));
    const iterator = agent.download('ticket', `0x${'00'.repeat(32)}`)[Symbol.asyncIterator]();
    await assert.rejects(iterator.next(), failsWith('NODE_BEHIND'));

    await assert.rejects(
      rejoining().go(),
      failsWith('NODE_BEHIND', {
        what: 'it looks for 10 s more whether the node that was backed up still runs',
      }),
    );
    await assert.rejects(add('still too early'), failsWith('NODE_BEHIND'));
    network.clock.advance(10_000);
    await rejoining().go();
    assert.deepEqual([rejoining().learnt, rejoining().done], [true, false]);
    assert.equal(logs.get(LOG)?.size, 3);
    for (const { acknowledgement } of after) {
      const [entry] =
        (await logs
          .get(LOG)
          ?.read({ from: acknowledgement.index, to: acknowledgement.index + 1 })) ?? [];
      assert.deepEqual(entry, acknowledgement);
      const body = await network
        .database('hospital', 'coordinator')
        .get(`body/${acknowledgement.entry}`);
      assert.ok(body !== undefined, 'and its coordinator has what it judged');
    }
    const next = await add('afterwards, with verdicts of the others');
    assert.equal(next.acknowledgement.index, 3);
    await network.checkpoint();
    assert.deepEqual(network.failures, []);
  });

  // @attack a peer keeps back a verdict that a restored coordinator forgot, to use it beside another | none is given while a forgotten one binds
  it('gives no verdict while one that it gave and forgot may bind', async () => {
    await network.rollBack('hospital', saved, restored());
    const judge = async (): Promise<unknown> =>
      await network.services().coordinator.judge({ log: LOG, bodies: [] });
    await assert.rejects(rejoining().go(), failsWith('NODE_BEHIND'));
    network.clock.advance(10_000);
    await rejoining().go();
    await add('judged by the others');
    for (let left = 60; left > 0; left -= 10) {
      await rejoining().go();
      const what = `verdicts that it may have given bind for ${left} s more`;
      await assert.rejects(judge(), failsWith('NODE_BEHIND', { what }));
      network.clock.advance(10_000);
    }
    await assert.rejects(judge(), failsWith('NODE_BEHIND'));
    await rejoining().go();
    assert.equal(rejoining().done, true);
    await judge();
    network.liars.coordinator.set('insurer', {
      ...network.services('insurer').coordinator,
      judge: away,
    });
    await add('judged by it and one other');
  });

  // @attack a node is restored while its clock is behind, and judges at once when that is set right | it waits from the begin of the process on
  it('gives none either where the clock was behind when it was restored', async () => {
    const restoredAt = seconds(network) - 86_400;
    await network.rollBack('hospital', saved, { restoredAt, othersWentOn: true });
    await assert.rejects(rejoining().go(), failsWith('NODE_BEHIND'));
    network.clock.advance(10_000);
    await rejoining().go();
    assert.deepEqual([rejoining().learnt, rejoining().done], [true, false]);
    const asked = network.services().coordinator.judge({ log: LOG, bodies: [] });
    const what = 'verdicts that it may have given bind for 60 s more';
    await assert.rejects(asked, failsWith('NODE_BEHIND', { what }));
  });

  it('keeps what it judged and forgot, and a log entered since it learnt what it missed', async () => {
    await network.rollBack('hospital', saved, restored());
    await assert.rejects(rejoining().go(), failsWith('NODE_BEHIND'));
    network.clock.advance(10_000);
    await rejoining().go();
    const { acknowledgement } = await add('judged by the others');
    const body = async (): Promise<unknown> =>
      await network.database('hospital', 'coordinator').get(`body/${acknowledgement.entry}`);
    // As if its own verdict had been among them.
    assert.equal(await body(), undefined);
    network.clock.advance(70_000);
    await rejoining().go();
    assert.equal(await body(), undefined, 'and nothing that it did not judge');
  });

  it('gets back which records a view of several was of, as the others know', async () => {
    const versions = [await add('one'), await add('two')];
    await network.checkpoint();
    const deadline = seconds(network) + 300;
    const { set, pairs } = setOf(care, versions, { deadline });
    const asked = { ...submissionOf(care, 'ViewSet', set), pairs };
    const { entry } = await acknowledgedBy(care.doctor, asked);
    await network.checkpoint();
    await network.rollBack('hospital', saved, restored());
    await assert.rejects(rejoining().go(), failsWith('NODE_BEHIND'));
    network.clock.advance(10_000);
    await rejoining().go();
    const { coordinator } = network.services();
    assert.deepEqual(await coordinator.listed({ log: LOG, entries: [entry] }), [pairs]);
    assert.deepEqual(await coordinator.repairLists(), { restored: [], lost: [] });
  });

  it('waits for nothing if all of the network was restored with it', async () => {
    await network.rollBack('hospital', saved, restored(false));
    await rejoining().go();
    await add('at once');
  });

  it('stays behind while too few others say what they signed', async () => {
    await network.rollBack('hospital', saved, restored(false));
    const { coordinator } = network.services('insurer');
    network.liars.coordinator.set('insurer', { ...coordinator, lastSigned: away });
    await assert.rejects(
      rejoining().go(),
      failsWith('NODE_BEHIND', {
        what: '1 of the other organisations said with proof what they signed of care/hospital, but 2 must; missing: insurer',
      }),
    );
    network.liars.coordinator.clear();
    await rejoining().go();
  });

  it('takes back what coordinators were shown to sign, though no copy has it', async () => {
    const lost = [await add('signed for, and in no copy'), await add('and one more')];
    const shown = askToShow(await shownNow());
    for (const name of ['insurer', 'laboratory']) {
      await network.services(name).coordinator.signCheckpoint(shown);
    }
    await network.rollBack('hospital', saved, restored(false));
    await rejoining().go();
    const log = network.services().logs.get(LOG) ?? assert.fail();
    assert.deepEqual(
      await log.read({ from: 1, to: 3 }),
      lost.map(({ acknowledgement }) => acknowledgement),
    );
    assert.equal((await add('afterwards')).acknowledgement.index, 3);
    await network.checkpoint();
    await add('one more checkpoint');
    await network.checkpoint();
    const { coordinator } = network.services('insurer');
    assert.equal(await coordinator.shown({ log: LOG, from: 1 }), undefined, 'once it is copied');
    assert.deepEqual(network.failures, []);
  });

  it('names entries that were signed for and that nobody has, and stays behind', async () => {
    await add('acknowledged, and in no copy');
    await network.services('insurer').coordinator.signCheckpoint(askToShow(await shownNow()));
    for (const name of ['insurer', 'laboratory']) {
      const { coordinator } = network.services(name);
      const lastSigned = async (log: string): Promise<SignedEdge> =>
        await coordinator.lastSigned(log);
      network.liars.coordinator.set(name, { ...coordinator, lastSigned, shown: gone });
    }
    await network.rollBack('hospital', saved, restored(false));
    await assert.rejects(
      rejoining().go(),
      failsWith('NODE_BEHIND', {
        what: 'entries 1 to 1 of care/hospital were signed for, and no peer that answers has them',
      }),
    );
    await assert.rejects(add('another history'), failsWith('NODE_BEHIND'));
  });

  /** Returns what the hospital's administrator presents to coordinators that know its first entry. */
  async function shownNow(): Promise<PresentedEntries> {
    const log = network.services().logs.get(LOG) ?? assert.fail();
    return await presentEntries(log, { from: 1, to: log.size });
  }

  /** A request to sign a checkpoint over what is shown, with the verdicts that were given. */
  function askToShow(shown: PresentedEntries): CheckpointRequest {
    return { ...askToSign(network, [first, ...shown.entries], { from: 1 }), ...shown };
  }

  // @attack a lying coordinator keeps lost entries from coming back | each is heard alone, and only what the log signed counts
  it('takes back from each alone: one that lies keeps nothing from coming back, and does not count', async () => {
    const lost = [await add('no copy has it'), await add('nor this')];
    const real = network.services('laboratory').coordinator;
    const honest = (await real.shown({ log: LOG, from: 1 })) ?? assert.fail();
    const other = `0x${'ee'.repeat(32)}` as const;
    const lies: (typeof honest)[] = [
      { ...honest, entries: honest.entries.with(0, other) },
      { ...honest, entries: [] },
      { ...honest, entries: [...honest.entries, other] },
      { ...honest, from: 7 },
      { ...honest, from: 0 },
      { ...honest, verdicts: [] },
      { ...honest, note: honest.note.replace('\n2\n', '\n3\n') },
      { ...honest, note: '' },
    ];
    for (const lie of lies) {
      // The one that is asked first.
      network.liars.coordinator.set('laboratory', {
        ...real,
        shown: async () => await Promise.resolve(lie),
      });
      await network.rollBack('hospital', saved, restored(false));
      await assert.rejects(rejoining().go(), failsWith('NODE_BEHIND'), JSON.stringify(lie));
      network.liars.coordinator.clear();
      assert.deepEqual(
        await afterFirst(),
        lost.map(({ acknowledgement }) => acknowledgement),
      );
      await assert.rejects(add('too early'), failsWith('NODE_BEHIND'));
      await rejoining().go();
    }
  });

  // @attack a peer tells a restored node of lost entries one by one, as slowly as it may | it is heard for a minute, then the others
  it('hears one that tells drop by drop what it cannot prove for a minute, and then the others', async () => {
    const lost: unknown[] = [];
    for (let n = 0; n < 6; n++) lost.push((await add(`no copy has number ${n}`)).acknowledgement);
    const real = network.services('laboratory').coordinator;
    // The log itself signed that it is so long.
    const { note } = (await real.shown({ log: LOG, from: 6 })) ?? assert.fail();
    let asked = 0;
    network.liars.coordinator.set('laboratory', {
      ...real,
      shown: async ({ from }) => {
        asked += 1;
        network.clock.advance(40_000);
        const entries = [`0x${'ee'.repeat(32)}` as const];
        return await Promise.resolve({ note, from, entries, verdicts: [] });
      },
    });
    await network.rollBack('hospital', saved, restored(false));
    await assert.rejects(
      rejoining().go(),
      failsWith('NODE_BEHIND', {
        what: '1 of the other organisations said with proof what was presented to them of care/hospital, but 2 must; missing: laboratory',
      }),
    );
    // Twice until its time was over, and once more when the other had told of all.
    assert.equal(asked, 3);
    assert.deepEqual(await afterFirst(), lost);
  });

  /** Gives the hospital's log a past in which it had another key; returns what signs notes with that. */
  function hadOtherKey(): typeof noteOf {
    const { primitives } = network.ports;
    const { origin } = logOf(network.file, LOG).log;
    const key = createNoteKey(origin, new Uint8Array(32).fill(7));
    const { authority } = network.file;
    const channels = network.file.channels.map((channel) => ({
      ...channel,
      logs: channel.logs.map((log) => (log.name === LOG ? { ...log, key: key.verifierKey } : log)),
    }));
    Object.assign(network.file, { before: [{ until: BEGIN - 86_400, authority, channels }] });
    return (noted) => {
      const edge = MerkleFrontier.empty(primitives);
      for (const entry of noted) edge.append(leafHash(primitives, hexToBytes(entry)));
      const { size } = edge;
      return signNote(primitives, formatCheckpoint({ origin, size, root: edge.root() }), [key]);
    };
  }

  /** Has an organisation show these rows of one entry each, after the log's first, under notes by the former key. */
  function showing(name: string, rows: readonly PresentedLog[]): void {
    const told = rows.flatMap(({ entries }) => entries);
    const shown = async ({ from }: { from: number }): Promise<PresentedLog | undefined> => {
      const row = rows[from - 1];
      const note = noteOf([first, ...told.slice(0, from)]);
      return await Promise.resolve(row && { ...row, from, note });
    };
    network.liars.coordinator.set(name, { ...network.services(name).coordinator, shown });
  }

  /** Returns the rows that an organisation keeps of the log after the first entry. */
  async function rowsOf(name: string, count: number): Promise<readonly PresentedLog[]> {
    const { coordinator } = network.services(name);
    const rows: PresentedLog[] = [];
    for (let from = 1; from <= count; from++) {
      rows.push((await coordinator.shown({ log: LOG, from })) ?? assert.fail());
    }
    return rows;
  }

  // @actor a thief of a former log key | to have lost entries back in disorder
  it('takes back under a former key of its log only the order on which others agree', async () => {
    const lost = [await add('no copy has it'), await add('nor this')];
    const acknowledged = lost.map(({ acknowledgement }) => acknowledgement);
    const rows = await rowsOf('laboratory', 2);
    // The one that is asked first shows its honest rows in another order, under notes that a thief made.
    showing('laboratory', rows.toReversed());
    showing('insurer', rows);
    await network.rollBack('hospital', saved, restored(false));
    await assert.rejects(
      rejoining().go(),
      failsWith('NODE_BEHIND', {
        what: '0 of the other organisations said with proof what was presented to them of care/hospital, but 2 must; missing: laboratory, insurer',
      }),
    );
    assert.deepEqual(await afterFirst(), []);
    // Nor while the one that knows better is away.
    network.liars.coordinator.set('insurer', {
      ...network.services('insurer').coordinator,
      shown: away,
    });
    await assert.rejects(rejoining().go(), failsWith('NODE_BEHIND'));
    assert.deepEqual(await afterFirst(), []);
    // One may know less.
    showing('laboratory', rows.slice(0, 1));
    showing('insurer', rows);
    await rejoining().go();
    assert.deepEqual(await afterFirst(), acknowledged);
    network.liars.coordinator.clear();
    assert.equal((await add('afterwards')).acknowledgement.index, 3);
    await network.checkpoint();
  });

  it('takes what its present key signed from one alone, whatever another shows under a former key', async () => {
    const lost = [await add('no copy has it'), await add('nor this')];
    showing('laboratory', (await rowsOf('laboratory', 2)).toReversed());
    await network.rollBack('hospital', saved, restored(false));
    await rejoining().go();
    assert.deepEqual(
      await afterFirst(),
      lost.map(({ acknowledgement }) => acknowledgement),
    );
    network.liars.coordinator.clear();
    await add('afterwards');
    await network.checkpoint();
  });

  it('takes nothing under a former key in the place of what its present key signed, though a body is missing', async () => {
    await add('its body is missing');
    await add('nor does any copy have this');
    const [missing = assert.fail(), second = assert.fail()] = await rowsOf('laboratory', 2);
    const { coordinator } = network.services('insurer');
    await network.rollBack('hospital', saved, restored(false));
    showing('laboratory', [second]);
    const judged: typeof coordinator.judged = async (request) => {
      const bodies = await coordinator.judged(request);
      return bodies.map((body, place) =>
        missing.entries.includes(request.entries[place] ?? '0x') ? null : body,
      );
    };
    network.liars.coordinator.set('insurer', { ...coordinator, judged });
    const liar = network.liars.coordinator.get('laboratory') ?? assert.fail();
    network.liars.coordinator.set('laboratory', { ...liar, judged });
    await assert.rejects(
      rejoining().go(),
      failsWith('NODE_BEHIND', {
        what: 'entries 1 to 1 of care/hospital were signed for, and no peer that answers has them',
      }),
    );
    assert.deepEqual(await afterFirst(), []);
    network.liars.coordinator.clear();
    await rejoining().go();
    assert.equal((await afterFirst()).length, 2);
  });

  // @actor a thief of a former log key | to have it miss what there never was
  it('misses no body of an entry that nobody judged, though a thief of a former key notes it', async () => {
    const entry = `0x${'ee'.repeat(32)}` as const;
    showing('insurer', [{ from: 1, entries: [entry], verdicts: [], note: '' }]);
    await network.rollBack('hospital', saved, restored(false));
    await assert.rejects(
      rejoining().go(),
      failsWith('NODE_BEHIND', {
        what: '1 of the other organisations said with proof what was presented to them of care/hospital, but 2 must; missing: insurer',
      }),
    );
    network.liars.coordinator.clear();
    await rejoining().go();
  });

  it('takes the place from who knows it and the body from who judged it', async () => {
    const real = network.services('laboratory').coordinator;
    network.liars.coordinator.set('laboratory', { ...real, judge: away });
    network.liars.coordinator.set('insurer', {
      ...network.services('insurer').coordinator,
      show: away,
    });
    const lost = [await add('judged by one, its place known by another')];
    network.liars.coordinator.clear();
    for (const bodies of [[null], ['{}']]) {
      const judged = async (): Promise<(string | null)[]> => await Promise.resolve(bodies);
      const insurer = network.services('insurer').coordinator;
      network.liars.coordinator.set('insurer', { ...insurer, judged });
      await network.rollBack('hospital', saved, restored(false));
      await assert.rejects(
        rejoining().go(),
        failsWith('NODE_BEHIND', {
          what: 'entries 1 to 1 of care/hospital were signed for, and no peer that answers has them',
        }),
      );
      network.liars.coordinator.clear();
      await rejoining().go();
      assert.deepEqual(
        await afterFirst(),
        lost.map(({ acknowledgement }) => acknowledgement),
      );
    }
  });

  /** Returns the entries of the log after the first. */
  async function afterFirst(): Promise<readonly Acknowledgement[]> {
    const log = network.services().logs.get(LOG) ?? assert.fail();
    return await log.read({ from: 1, to: log.size });
  }

  it('believes nobody about a checkpoint that the log did not sign', async () => {
    const { coordinator } = network.services('insurer');
    const honest = await coordinator.lastSigned(LOG);
    const root = `0x${'ee'.repeat(32)}` as const;
    for (const lie of [
      { ...honest, size: 64, root, peaks: [root] },
      { size: 64, root, peaks: [root] },
    ]) {
      const lastSigned = async (): Promise<SignedEdge> => await Promise.resolve(lie);
      network.liars.coordinator.set('insurer', { ...coordinator, lastSigned });
      await network.rollBack('hospital', saved, restored(false));
      await assert.rejects(rejoining().go(), failsWith('NODE_BEHIND'));
      assert.equal((await network.services().coordinator.lastSigned(LOG)).size, 1);
    }
  });

  it('signs no second root for a size that it forgot it had signed', async () => {
    const before = await network.save('insurer');
    const offered = (fill: string, from = 1) =>
      askToSign(network, [first, `0x${fill.repeat(32)}`], { from });
    // Its administrator had two coordinators sign, and put nothing on the ledger.
    for (const name of ['insurer', 'laboratory']) {
      await network.services(name).coordinator.signCheckpoint(offered('aa'));
    }
    await network.rollBack('insurer', before, restored(false));
    await rejoining('insurer').go();
    const { coordinator } = network.services('insurer');
    for (const from of [1, 2]) {
      const { signed } = await coordinator
        .signCheckpoint(offered('bb', from))
        .catch(() => ({ signed: undefined }));
      assert.equal(signed, undefined);
    }
    assert.ok((await coordinator.signCheckpoint(offered('aa', 2))).signed);
  });

  it('extends what the ledger holds, though nobody said that it was restored, or could be asked', async () => {
    const before = await network.save('insurer');
    await add('one more');
    await network.checkpoint();
    silence();
    await network.rollBack('insurer', before);
    await rejoining('insurer').look();
    const { coordinator } = network.services('insurer');
    const [, second = '0x'] = await entries();
    const other = askToSign(network, [first, `0x${'cc'.repeat(32)}`], { from: 1 });
    await assert.rejects(coordinator.signCheckpoint(other), failsWith('CHECKPOINT_REFUSED'));
    const short = askToSign(network, [first], { from: 1 });
    await assert.rejects(coordinator.signCheckpoint(short), failsWith('CHECKPOINT_REFUSED'));
    const same = askToSign(network, [first, second], { from: 1 });
    assert.ok((await coordinator.signCheckpoint(same)).signed);
  });

  /** Nobody answers anybody. */
  function silence(): void {
    for (const name of ['hospital', 'laboratory', 'insurer']) {
      const { contributor } = network.services(name);
      network.liars.contributor.set(name, { ...contributor, latestCheckpoint: away });
    }
  }

  /** All entries of the hospital's log. */
  async function entries(): Promise<readonly `0x${string}`[]> {
    const log = network.services().logs.get(LOG) ?? assert.fail();
    return (await log.stored({ from: 0, to: log.size })).map(({ entry }) => entry);
  }
});
