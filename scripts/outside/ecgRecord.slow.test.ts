import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { readingsToSamples } from '../../src/client/devices/readingsToSamples.ts';
import { streamReadings } from '../../src/client/devices/streamReadings.ts';
import { collectBytes } from '../../src/crypto/sealing/collectBytes.ts';
import { startTestNetwork, type TestNetwork } from '../../src/node/test/testNetwork.ts';
import { parseSamples } from '../../src/sensors/simulate/parseSamples.ts';
import { replayOnChart } from '../../src/sensors/test/replayOnChart.ts';
import { curvesOf } from '../../portal/src/screens/readings/curvesOf.ts';

const PYTHON = process.env['PYTHON'] ?? 'python3';
const CACHE = resolve(import.meta.dirname, '../../.cache/outside');
/** Samples of a second, and millivolts of one step; the middle of the converter's 11 bits is 0 mV. */
const [RATE, FACTOR, ORIGIN] = [360, 0.005, -5.12];

/**
 * Fetches five minutes of MIT-BIH record 208, lead MLII (Moody and Mark 2001), which old versions of SciPy carry as an
 * example: NumPy's file of 108,000 samples. It stays beside the project's caches.
 *
 * @returns The file's bytes, or why it cannot be had.
 */
function record208(): Uint8Array | string {
  const kept = join(CACHE, 'mit-bih-208.npy');
  if (!existsSync(kept)) {
    if (spawnSync(PYTHON, ['--version']).status !== 0) return 'Python is not on this machine';
    mkdirSync(CACHE, { recursive: true });
    const arriving = mkdtempSync(join(CACHE, 'arriving-'));
    const wheel = ['--python-version', '3.9', '--platform', 'manylinux2014_x86_64'];
    const pip = ['-m', 'pip', 'download', '-q', '--disable-pip-version-check', '--no-deps'];
    const args = [...pip, '--only-binary', ':all:', ...wheel, '-d', arriving, 'scipy==1.9.3'];
    const { status, stderr } = spawnSync(PYTHON, args, { encoding: 'utf8' });
    const [name] = readdirSync(arriving);
    if (status !== 0 || name === undefined) {
      return `PyPI does not give scipy 1.9.3: ${stderr.trim().split('\n').at(-1)}`;
    }
    const program = `
import io, sys, zipfile
data = zipfile.ZipFile(sys.argv[1]).read('scipy/misc/ecg.dat')
open(sys.argv[2], 'wb').write(zipfile.ZipFile(io.BytesIO(data)).read('ecg.npy'))`;
    const whole = join(arriving, 'ecg.npy');
    const unpacked = spawnSync(PYTHON, ['-c', program, join(arriving, name), whole]);
    assert.equal(unpacked.status, 0, String(unpacked.stderr));
    renameSync(whole, kept);
  }
  return readFileSync(kept);
}

const file = record208();

describe('MIT-BIH record 208', { skip: typeof file === 'string' && file }, () => {
  let network: TestNetwork;
  before(async () => {
    network = await startTestNetwork();
  });
  after(async () => await network.close());

  it('goes through device, gateway and nodes onto a chart, comes out byte by byte, and is drawn as one curve', async () => {
    assert.ok(typeof file === 'object');
    const samples = parseSamples(file, '--file');
    assert.equal(samples.length, 108_000);
    const recording = { samples, rate: RATE, factor: FACTOR, origin: ORIGIN };
    const { patient, chart } = await replayOnChart(network, recording);
    const span = { from: -Infinity, until: Infinity };
    const bytes = await collectBytes(readingsToSamples(streamReadings(patient, chart, span)));
    assert.deepEqual(Buffer.from(bytes), Buffer.from(file.subarray(file.length - 216_000)));
    const batches = [];
    for await (const { batch } of streamReadings(patient, chart, span)) batches.push(batch);
    assert.equal(batches.length, 30);
    const [curve, ...others] = curvesOf(batches);
    assert.deepEqual(others, []);
    assert.deepEqual(
      curve?.pieces.map(({ points }) => points.length),
      [108_000],
    );
    const values = curve?.pieces[0]?.points.map(({ value }) => value) ?? [];
    const least = values.reduce((one, other) => Math.min(one, other));
    const greatest = values.reduce((one, other) => Math.max(one, other));
    assert.ok(least > -4 && greatest < 4 && greatest > 1, `${least} to ${greatest} mV`);
  });
});
