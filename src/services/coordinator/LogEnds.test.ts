import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryDatabase } from '../../database/test/MemoryDatabase.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import type { Address } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { HANDOVER } from '../../protocol/network/officesOf.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { signatory, word } from '../../protocol/test/sampleNetwork.ts';
import type { LedgerIndex } from '../LedgerIndex.ts';
import { LogEnds } from './LogEnds.ts';

const LOG = 'care/hospital';
const BY = 1_800_000_060;
/** The moment from which the hospital is not in the network any more. */
const LEFT = 1_800_100_000;
/** The first block time at which nobody may work by the file before. */
const OVER = LEFT + HANDOVER + 11;
const ALL = ['hospital', 'laboratory', 'insurer', 'pharmacy'];
const STAYING = ALL.slice(1);
const ended = failsWith('LOG_ENDED', { log: LOG });

interface Stage {
  /** Time of the ledger's newest block. */
  blockTime: number;
  isThere: boolean;
  /** Organisations whose signatures the ledger counts, and how many make a checkpoint. */
  seated: readonly string[];
  threshold: number;
  /** Threshold in the network file, and the number of that file. */
  writes: number;
  number: number;
  /** Entries under the last checkpoint on the ledger. */
  placed: number;
  /** Entries that the copy has. */
  copied: number;
  /** Entries under the last checkpoint that this coordinator signed. */
  signed: number;
  /** True if it was restored since the ledger's last checkpoint. */
  forgot: boolean;
  /** Sizes at which the insurer and the pharmacy ended the log; away if absent. */
  others: readonly (number | undefined)[];
  /** Moment of the copy's last entry under a checkpoint. */
  last: number;
}

class Trial {
  readonly stage: Stage;
  readonly database = new MemoryDatabase();
  ends: LogEnds;

  constructor(stage: Partial<Stage>) {
    this.stage = {
      blockTime: OVER,
      isThere: false,
      seated: STAYING,
      threshold: stage.writes ?? 3,
      writes: 3,
      number: 1,
      placed: 5,
      copied: 5,
      signed: 5,
      forgot: false,
      others: [5, undefined],
      last: BY,
      ...stage,
    };
    this.ends = this.open();
  }

  /** The ends as a start reads them. */
  open(): LogEnds {
    const { stage } = this;
    const index = {
      get blockTime() {
        return stage.blockTime;
      },
      checkpoint: () => (stage.placed === 0 ? undefined : { size: stage.placed }),
      office: () => ({ threshold: stage.threshold, seats: stage.seated.map(keyOf) }),
      refresh: async () => await Promise.resolve(),
    } as unknown as LedgerIndex;
    const left = { until: LEFT, channels: [channelOf(ALL)] };
    const later = { until: LEFT + 1, channels: [channelOf(STAYING)] };
    const before = [left, ...Array.from({ length: stage.number - 1 }, () => later)];
    const channels = [channelOf(stage.isThere ? ALL : STAYING, stage.writes)];
    const network = { channels, before } as unknown as NetworkFile;
    const log = {
      identity: { id: word(LOG), organisation: 'hospital' },
      get size() {
        return stage.copied;
      },
      latestCheckpoint: async () => await Promise.resolve({ checkpoint: { size: stage.placed } }),
      stored: async () => await Promise.resolve([{ at: stage.last }]),
    } as unknown as EvidenceLog;
    const others = ['insurer', 'pharmacy'].map((name, place) => {
      const call = async (): Promise<number | undefined> => {
        const size = stage.others[place];
        if (size === undefined) throw new Error('unplugged');
        return await Promise.resolve(size);
      };
      return [name, { ended: call }] as const;
    });
    this.ends = new LogEnds(
      { network, index },
      {
        database: this.database,
        logs: new Map([[LOG, log]]),
        others: new Map(others),
        signer: { betweenSignatures: async (_, work) => await work(stage.signed) },
        awaited: { mayHaveForgotten: async () => await Promise.resolve(stage.forgot) },
      },
    );
    return this.ends;
  }

  /** Tells whether the promise is void once the coordinator did its work. */
  async isVoid(): Promise<boolean> {
    await this.ends.review();
    return await this.ends.cameToNothing(LOG, BY);
  }
}

function keyOf(organisation: string): Address {
  return signatory(`coordinator of ${organisation}`).address;
}

function channelOf(organisations: readonly string[], writes = 3) {
  const coordinators = organisations.map((organisation) => ({
    organisation,
    address: keyOf(organisation),
  }));
  const logs = [{ name: LOG, organisation: 'hospital', key: 'key', id: word(LOG) }];
  return { name: 'care', faulty: 1, thresholds: { writes, views: 3 }, coordinators, logs };
}

async function isVoid(stage: Partial<Stage>): Promise<boolean> {
  return await new Trial(stage).isVoid();
}

describe('what a log promised and does not hold', () => {
  it('came to nothing once the log went on without it', async () => {
    assert.equal(await isVoid({ isThere: true, last: BY + 11 }), true);
  });

  it('may come while the log’s organisation is there, however late', async () => {
    assert.equal(await isVoid({ isThere: true, blockTime: LEFT + 365 * 86_400 }), false);
  });

  // @attack a log promises an amendment, or a device’s batch, and goes away with it, so that nobody can ever write that version | a promise is void once so many ended the log that no checkpoint of it can come
  it('came to nothing once the organisation left and as many ended the log as leave too few to sign', async () => {
    assert.equal(await isVoid({}), true);
    assert.equal(await isVoid({ placed: 0, copied: 0, signed: 0, others: [0, 0] }), true);
  });

  // @attack k coordinators sign a checkpoint over what a log promised before its organisation leaves, and it is placed after another write got the version | nothing is void until so many signed nothing more that the rest are too few
  it('may come while others may have signed more: one alone, or with one that ended elsewhere, is too few', async () => {
    for (const others of [
      [undefined, undefined],
      [6, undefined],
      [4, 6],
    ]) {
      assert.equal(await isVoid({ others }), false, String(others));
    }
  });

  it('may come by a checkpoint that this coordinator signed, until others are enough without it', async () => {
    assert.equal(await isVoid({ signed: 6 }), false);
    const trial = new Trial({ signed: 6, others: [5, 5] });
    assert.equal(await trial.isVoid(), true);
    assert.equal(await trial.ends.of(LOG), undefined, 'it tells nobody that it signed no more');
    assert.equal(await trial.open().of(LOG), undefined);
  });

  // @attack a coordinator ends a log, and learns then that it had signed more of it before its folder went back to an older copy | it tells of no end below what it signed
  it('may come where this coordinator learns that it signed more after all', async () => {
    const trial = new Trial({});
    assert.equal(await trial.ends.of(LOG), 5);
    trial.stage.signed = 6;
    assert.equal(await trial.ends.of(LOG), undefined);
    assert.equal(await trial.isVoid(), false);
  });

  // @attack a log's organisation leaves with signatures of too few, and has them placed once a later change asks fewer | an end is agreed by the present quorum, and again after each change
  it('may come after a change of the network, until those who are in office then agreed again', async () => {
    const trial = new Trial({ others: [5, undefined] });
    assert.equal(await trial.isVoid(), true);
    Object.assign(trial.stage, { number: 2, writes: 2, threshold: 2 });
    assert.equal(await trial.open().cameToNothing(LOG, BY), false);
    assert.equal(await trial.isVoid(), false, 'three of three have to end it now');
    trial.stage.others = [5, 5];
    assert.equal(await trial.isVoid(), true);
  });

  // @attack a coordinator that was restored forgot that it signed a checkpoint, and counts its promise as void | it ends no log by itself unless the ledger has a checkpoint of since
  it('may come where this coordinator was restored and may have forgotten what it signed', async () => {
    const trial = new Trial({ forgot: true });
    assert.equal(await trial.isVoid(), false);
    assert.equal(await trial.ends.of(LOG), undefined);
  });

  it('may come in a part of the log that this organisation did not copy yet, or lost again', async () => {
    assert.equal(await isVoid({ copied: 4, others: [5, 5] }), false);
    const trial = new Trial({});
    assert.equal(await trial.isVoid(), true);
    trial.stage.copied = 0;
    assert.equal(await trial.isVoid(), false);
  });

  // @attack a coordinator that is cut off from the ledger counts a promise as void by its clock, while the ledger has the entry | only a block of after the last office ends a log, and that office must be the ledger's
  it('may come until a block shows that the former office is over, and that the ledger has the new one', async () => {
    assert.equal(await isVoid({ blockTime: OVER - 1 }), false);
    assert.equal(await isVoid({ seated: ALL }), false);
    assert.equal(await isVoid({ seated: [] }), false);
    assert.equal(await isVoid({ threshold: 2 }), false);
  });

  it('may come once the ledger has more of the log after all', async () => {
    const trial = new Trial({ others: [undefined, undefined] });
    assert.equal(await trial.isVoid(), false);
    Object.assign(trial.stage, { placed: 6, others: [6, 6] });
    assert.equal(await trial.isVoid(), false, 'its copy lacks one');
    trial.stage.copied = 6;
    assert.equal(await trial.isVoid(), true);
    assert.equal(await trial.ends.of(LOG), 6);
  });

  it('may come where this organisation has no copy of the log', async () => {
    const { ends } = new Trial({});
    assert.equal(await ends.cameToNothing('care/other', BY), false);
    assert.equal(await ends.of('care/other'), undefined);
  });
});

describe('the end of a log', () => {
  it('is told to others only once it is on disk, and stays after a restart', async () => {
    const trial = new Trial({ others: [undefined, undefined] });
    assert.equal(await trial.ends.of(LOG), 5);
    const rows = await trial.database.iterator().all();
    assert.deepEqual(rows, [[`ended/${LOG}`, '{"size":5,"own":true}']]);
    await trial.open().review();
    assert.equal(await trial.ends.cameToNothing(LOG, BY), false);
    trial.stage.others = [5, undefined];
    assert.equal(await trial.isVoid(), true);
    Object.assign(trial.stage, { others: [undefined, undefined], forgot: true });
    assert.equal(await trial.open().cameToNothing(LOG, BY), true);
    assert.equal(await trial.ends.of(LOG), 5);
  });

  it('refuses what would let the log go on, from the first block on and after a restart', async () => {
    const trial = new Trial({ blockTime: OVER - 1 });
    await trial.ends.requireOpen(LOG);
    trial.stage.blockTime = OVER;
    await assert.rejects(trial.ends.requireOpen(LOG), ended);
    await trial.ends.review();
    trial.stage.blockTime = 0;
    await assert.rejects(trial.open().requireOpen(LOG), ended);
  });

  it('is written again where its row was altered', async () => {
    const trial = new Trial({});
    await trial.database.put(`ended/${LOG}`, '{"size":"x","agreed":1}');
    assert.equal(await trial.ends.cameToNothing(LOG, BY), false);
    assert.equal(await trial.isVoid(), true);
  });

  it('is not asked about while all organisations are there', async () => {
    const trial = new Trial({ isThere: true, others: [5, 5] });
    await trial.ends.review();
    assert.equal(await trial.ends.of(LOG), undefined);
    assert.deepEqual(await trial.database.keys().all(), []);
  });
});
