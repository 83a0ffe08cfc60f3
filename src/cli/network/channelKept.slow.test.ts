import assert from 'node:assert/strict';
import { cp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { memoryDevice } from '../../client/party/memoryDevice.ts';
import { readChart } from '../../client/records/readChart.ts';
import { readPatientState } from '../../client/state/PatientState.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import type { Receipt } from '../../protocol/evidence/evidence.ts';
import { addResult, ChannelNodes, until } from '../test/ChannelNodes.ts';
import { temporaryFolder } from '../test/runMedseal.ts';

/** A further channel as its operators keep it, by commands: backup, restore, fsck, audit, verification. */

const INSIDE = ['hospital', 'laboratory', 'insurer'] as const;
const ends: (() => unknown)[] = [];
const suite = { after: (end: () => unknown) => void ends.push(end) };
const device = memoryDevice();
const seed = crypto.getRandomValues(new Uint8Array(32));
const receipts: Receipt[] = [];
let nodes: ChannelNodes;
/** The folder into which the laboratory's node was restored. */
let restored: string;

before(async () => {
  nodes = await ChannelNodes.start(suite, await temporaryFolder(suite), INSIDE);
});
after(async () => {
  for (const end of ends.toReversed()) await end();
});

interface Verified {
  readonly findings: readonly { readonly what: string; readonly safe: boolean }[];
  readonly unchecked: readonly string[];
}

/** Addresses of all nodes, as a verification takes them. */
function urls(): readonly string[] {
  return INSIDE.flatMap((name) => ['--url', `${name}=${nodes.url(name)}`]);
}

/** Lists what `fsck` finds in a folder, each fault with its class. */
async function faultsIn(data: string): Promise<readonly string[]> {
  const { stdout } = await nodes.run('fsck', '--data', data, '--json');
  const { faults } = JSON.parse(stdout) as { faults: readonly { kind: string; what: string }[] };
  return faults.map(({ kind, what }) => `${kind} ${what}`);
}

describe('the node of a further channel, by commands', () => {
  it('is backed up while it runs, restored beside, and has all that was acknowledged', async () => {
    const patient = await nodes.patient('laboratory', seed, device);
    receipts.push(await addResult(patient, 'before the backup'));
    const archive = join(nodes.root, 'research.tar');
    await nodes.medseal('backup', '--data', nodes.data('laboratory'), '--to', archive);
    receipts.push(await addResult(patient, 'after the backup'));
    await nodes.node('laboratory').stop('SIGKILL');
    await rename(nodes.data('laboratory'), join(nodes.root, 'lost'));

    restored = join(nodes.root, 'restored');
    await nodes.medseal('restore', archive, '--data', restored);
    const early = await faultsIn(restored);
    assert.deepEqual(early, []);
    await nodes.up('laboratory', restored);
    const again = await nodes.party('laboratory', seed, device);
    await until('a record at the restored node', async () => {
      return await addResult(again, 'after the restoration').then(
        (receipt) => receipts.push(receipt) > 0,
        () => false,
      );
    });
    const { handle } = await readPatientState(again);
    const chart = await readChart(again, { handle, purpose: 'PATRQT' });
    const entries = chart.records.map(({ acknowledgement }) => acknowledgement.entry);
    for (const { acknowledgement } of receipts) {
      assert.ok(entries.includes(acknowledgement.entry));
    }
  });

  it('agrees with the others after that, in every log and at the ledger', async () => {
    const pinned = ['--network', nodes.network, '--rpc', nodes.rpc];
    const logs = await nodes.medseal<Verified>('verify', 'log', ...urls(), ...pinned);
    assert.deepEqual(
      logs.findings.map(({ what, safe }) => [what, safe]),
      INSIDE.toSorted().map((name) => [`research/${name}`, true]),
    );
    assert.ok(!logs.unchecked.some((what) => what.startsWith('the copy of')));
  });

  it('is listed where it was restored, once the first node’s folder is told', async () => {
    interface Listed {
      readonly channels: readonly { readonly data: string }[];
      readonly gone?: readonly string[];
    }
    const list = ['channel', 'list', '--data', nodes.care];
    assert.deepEqual((await nodes.medseal<Listed>(...list)).gone, [nodes.data('laboratory')]);
    await nodes.node('laboratory').stop();
    await nodes.medseal('init', '--data', restored, '--on', nodes.care);
    const { channels, gone } = await nodes.medseal<Listed>(...list);
    assert.equal(gone, undefined);
    assert.ok(channels.some(({ data }) => data === restored));
    await nodes.up('laboratory', restored);
  });

  it('is audited by its patient, and verified with its own network file and not with the first network’s', async () => {
    const home = ['--home', join(nodes.root, 'device')];
    const passphrase = join(nodes.root, 'passphrase.txt');
    await writeFile(passphrase, 'five random words are good\n', { mode: 0o600 });
    const secret = [...home, '--passphrase-file', passphrase];
    const others = INSIDE.slice(1).map((name) => `${name}=${nodes.url(name)}`);
    const pin = ['--network', nodes.network, ...home];
    await nodes.medseal('join', nodes.url('hospital'), ...others, ...pin);
    await nodes.medseal('key', 'new', 'anna', ...secret);
    const role = ['--role', 'patient', '--at', 'hospital', '--yes'];
    await nodes.medseal('party', 'apply', '--as', 'anna', ...role, ...secret);
    const file = join(nodes.root, 'note.txt');
    await writeFile(file, 'a result for the audit');
    const receipt = join(nodes.root, 'receipts');
    const add = ['record', 'add', file, '--raw', '-c', 'laboratory', '--yes', '--as', 'anna'];
    await nodes.medseal(...add, '--receipts', receipt, ...secret);
    const excluded = ['record', 'add', file, '--raw', '-c', 'billing', '--yes', '--as', 'anna'];
    const refused = await nodes.run(...excluded, ...secret);
    assert.match(refused.stderr, /CATEGORY_EXCLUDED/);

    const audit = await nodes.run('audit', '--rpc', nodes.rpc, '--as', 'anna', ...secret);
    assert.equal(audit.code, 0, audit.stdout + audit.stderr);
    assert.match(audit.stdout, /You added record 0x[0-9a-f]{8}… \(laboratory\)/);
    assert.match(audit.stdout, /research\/hospital: \d+ of its first \d+ entries concern you/);
    assert.doesNotMatch(audit.stdout, /care\//);

    const [name = ''] = await readdir(receipt);
    const offline = ['verify', join(receipt, name), '--offline'];
    await nodes.medseal(...offline, '--network', nodes.network);
    const other = await nodes.run(...offline, '--network', join(nodes.care, 'network.json'));
    assert.equal(other.code, 1, other.stdout);
    const network = ['verify', 'network', nodes.network, '--rpc', nodes.rpc];
    const whole = await nodes.run(...network, ...urls());
    assert.equal(whole.code, 0, whole.stdout + whole.stderr);
    assert.match(whole.stdout, /on the ledger of the network 0x/);
    const old = join(nodes.root, 'receipt.json');
    await writeFile(old, canonicalJson(receipts[0]));
    await nodes.medseal('verify', old, '--offline', '--network', nodes.network);
  });

  it('is examined by its organisation at rest: sound, and by the part that is altered or missing', async () => {
    for (const name of INSIDE) await nodes.node(name).stop();
    for (const data of [nodes.data('hospital'), restored, nodes.data('insurer')]) {
      assert.deepEqual(await faultsIn(data), []);
      await nodes.medseal('verify', 'node', '--data', data, '--network', nodes.network);
    }
    const copy = join(nodes.root, 'copy');
    const broken = async (change: () => Promise<void>): Promise<string> => {
      await rm(copy, { recursive: true, force: true });
      await cp(restored, copy, { recursive: true });
      await change();
      return (await faultsIn(copy)).join('\n');
    };
    const own = join(copy, 'node', 'laboratory');
    const lost = await broken(async () => await rm(join(own, 'vault-index'), { recursive: true }));
    assert.match(lost, /^database-unreadable .*laboratory/m);
    const logs = join(own, 'logs', 'laboratory');
    const altered = await broken(async () => {
      const [table = ''] = (await readdir(logs)).filter((each) => /\.(?:log|ldb)$/.test(each));
      await writeFile(join(logs, table), 'something else');
    });
    assert.match(altered, /^database-file node\/laboratory\/logs\/laboratory\//m);
    const key = await broken(async () => await rm(join(own, 'keys.json')));
    assert.match(key, /^keys node\/laboratory\/keys\.json: it is lost/m);
  });
});
